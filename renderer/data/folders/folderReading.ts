import type { FolderReading } from '#core/contract/folderReading.ts';
import type { DataSettings } from '#core/document/dataSettings.ts';

/** How a project reads its folders. */
export function readingOf({ table, subfolders }: Pick<DataSettings, 'table' | 'subfolders'>): FolderReading {
  return { columns: table, subfolders };
}

/** Equal texts for equal readings. */
export function readingKey({ columns, subfolders }: FolderReading): string {
  return JSON.stringify([columns.fileColumn, columns.labelColumn, subfolders]);
}

/**
 * A column to choose: `value` names it in the settings, by its header where that is unique, else by its number from 1.
 */
interface ColumnOption {
  readonly value: string;
  readonly label: string;
}

export function columnOptions(header: readonly string[]): ColumnOption[] {
  return header.map((cell, at) => {
    const isName = cell !== '' && !/^\d+$/.test(cell) && header.indexOf(cell) === header.lastIndexOf(cell);
    return { value: isName ? cell : String(at + 1), label: isName ? cell : `${at + 1}: ${cell}` };
  });
}
