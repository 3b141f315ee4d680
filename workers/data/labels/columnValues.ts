import type { ColumnName, TableUse } from '#core/contract/dataPlan.ts';
import type { ImageList } from '../images/imageList.ts';
import { fileLocator } from './fileNames.ts';
import { findColumns } from './findColumns.ts';
import { readTableLines } from './tableText.ts';

/**
 * The values of one column of a table by image file; images without a value are absent. `column` is a header or a
 * number from 1. Reads the table again. Throws `AppError` 'labels-column' for a column that does not exist,
 * 'labels-invalid' for a table that can no longer be read.
 */
export function columnValues(
  table: TableUse,
  root: string,
  images: ImageList,
  column: string,
): ReadonlyMap<string, string> {
  const lines = readTableLines(table.path);
  const files = Array.from(images.keys(), (index) => images.fileOf(index));
  const locator = fileLocator({ root, skipped: [], ...byFolder(files) });
  const { header, file, labels } = findColumns(table.path, lines, locator, {
    fileColumn: askedColumn(table.fileColumn),
    labelColumn: column,
  });
  const [wanted = 0] = labels;
  const values = new Map<string, string>();
  for (const { cells } of header === null ? lines : lines.slice(1)) {
    const found = locator.find(cells[file] ?? '');
    const value = cells[wanted] ?? '';
    if (typeof found === 'object' && value !== '') values.set(found.file, value);
  }
  return values;
}

/** A column as passed to `findColumns`: its header, or its number. */
function askedColumn(name: ColumnName): string {
  return typeof name === 'string' ? name : String(Number(name.values.number));
}

function byFolder(files: readonly string[]): {
  stray: string[];
  folders: { name: string; files: string[] }[];
} {
  const folders = new Map<string, string[]>();
  const stray: string[] = [];
  for (const file of files) {
    const cut = file.indexOf('/');
    const name = file.slice(0, Math.max(0, cut));
    const list = cut === -1 ? stray : (folders.get(name) ?? folders.set(name, []).get(name));
    list?.push(file);
  }
  return { stray, folders: Array.from(folders, ([name, inside]) => ({ name, files: inside })) };
}
