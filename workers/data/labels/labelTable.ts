import { basename } from 'node:path';
import type { ColumnName, TableUse } from '#core/contract/dataPlan.ts';
import type { TableColumns } from '#core/document/dataSettings.ts';
import { message, type Message } from '#core/words/message.ts';
import type { FolderWalk, SkippedFile } from '../walk/walkFolder.ts';
import { fileLocator, type FileLocator } from './fileNames.ts';
import { findColumns, type FoundColumns } from './findColumns.ts';
import { invalidTable, readTableLines, type TableLine } from './tableText.ts';

/** One line of a table of labels. */
export interface LabelRow {
  /** Exactly as in the table. */
  readonly file: string;
  readonly label: string;
  /** Line number in the file, from 1. */
  readonly line: number;
}

/** A parsed table, for one folder. */
export interface LabelTable {
  readonly use: TableUse;
  readonly rows: readonly LabelRow[];
  /** Lines without a file or without a label. */
  readonly skipped: readonly SkippedFile[];
  readonly locator: FileLocator;
}

/**
 * Reads a table of labels for the files of a walk: CSV or TSV, one image per line; see `readTableLines` and
 * `findColumns`. `chosen` is the path of the folder as the user wrote it. Throws `AppError` 'labels-invalid' and
 * 'labels-column'.
 */
export function readLabelTable(
  path: string,
  walk: FolderWalk,
  columns: TableColumns,
  chosen?: string,
): LabelTable {
  const lines = readTableLines(path);
  if (lines.length === 0) throw invalidTable(path, message('labels.noLine'));
  const locator = fileLocator(walk, chosen);
  const found = findColumns(path, lines, locator, columns);
  const body = found.header === null ? lines : lines.slice(1);
  const rows = body.map((line) => rowOf(line, found));
  const complete = rows.filter(({ file, label }) => file !== '' && label !== '');
  if (complete.length === 0) throw invalidTable(path, incompleteProblem(rows));
  const skipped = rows
    .filter(({ file, label }) => file === '' || label === '')
    .map(({ file, line }) =>
      file === ''
        ? { file: basename(path), reason: message('images.namesNoFile', { line }) }
        : { file, reason: message('images.noClassGiven', { line, table: basename(path) }) },
    );
  return { use: useOf(path, found), rows: complete, skipped, locator };
}

function rowOf({ cells, line }: TableLine, { header, file, labels }: FoundColumns): LabelRow {
  const [only] = labels;
  const isOneHot = labels.length > 1;
  const column = isOneHot ? labels.find((at) => Number(cells[at]) === 1) : only;
  const label = column === undefined ? '' : isOneHot ? header?.[column] : cells[column];
  return { file: cells[file] ?? '', label: label ?? '', line };
}

function incompleteProblem(rows: readonly LabelRow[]): Message {
  const [first] = rows;
  if (first === undefined) return message('labels.noLine');
  const key = first.file === '' ? 'labels.lineWithoutFile' : 'labels.lineWithoutLabel';
  return message(key, { line: first.line });
}

function useOf(path: string, { header, file, labels }: FoundColumns): TableUse {
  const nameOf = (column: number): ColumnName =>
    header?.[column] ?? message('labels.columnNumber', { number: column + 1 });
  return {
    path,
    header: [...(header ?? [])],
    fileColumn: nameOf(file),
    labelColumns: labels.map(nameOf),
  };
}
