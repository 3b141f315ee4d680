import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { AppError } from '#core/diagnostics/appError.ts';
import { systemCode } from '../systemErrors.ts';

/** One line of a table of labels. */
export interface LabelRow {
  /** As written, with '/' for '\'. */
  readonly file: string;
  readonly label: string;
  /** Of the file, from 1. */
  readonly line: number;
}

export interface LabelTable {
  readonly path: string;
  readonly rows: readonly LabelRow[];
}

/** Larger tables are refused: a million lines take about 50 MB. */
const MAX_TABLE_BYTES = 512 * 2 ** 20;
const FILE_COLUMNS = [
  'file',
  'filename',
  'file_name',
  'filepath',
  'path',
  'image',
  'image_path',
  'img',
  'name',
  'id',
  'image_id',
];
const LABEL_COLUMNS = ['label', 'class', 'class_name', 'classname', 'category', 'target', 'y'];
const SEPARATORS = [',', ';', '\t'];

/**
 * Reads a table of labels: CSV or TSV, one picture a line, with a header that names a column of files (`file`, `image`, …) and one of
 * labels (`label`, `class`, …), in any order and case and among other columns; without such a header the first column is the
 * file and the second the label. Throws `AppError('labels-invalid')` with the line where the table stops making sense.
 */
export function readLabelTable(path: string): LabelTable {
  const text = readText(path);
  const first = text.slice(0, text.search(/\r?\n|$/));
  const delimiter = SEPARATORS.reduce((best, next) =>
    first.split(next).length > first.split(best).length ? next : best,
  );
  const lines = parseLines(path, text, delimiter);
  const header = lines[0]?.record.map((cell) => cell.trim().toLowerCase()) ?? [];
  const [fileAt, labelAt] = [columnAmong(FILE_COLUMNS, header), columnAmong(LABEL_COLUMNS, header)];
  const hasHeader = fileAt !== -1 && labelAt !== -1;
  const [fileColumn, labelColumn] = hasHeader ? [fileAt, labelAt] : [0, 1];
  const rows = (hasHeader ? lines.slice(1) : lines).map(({ record, info }) => {
    const file = (record[fileColumn] ?? '').trim().replaceAll('\\', '/');
    const label = (record[labelColumn] ?? '').trim();
    if (file !== '' && label !== '') return { file, label, line: info.lines };
    throw invalid(path, `line ${info.lines} has no ${file === '' ? 'file' : 'label'}`);
  });
  if (rows.length === 0) throw invalid(path, 'it has no line with a file and a label');
  return { path, rows };
}

interface ParsedLine {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function parseLines(path: string, text: string, delimiter: string): ParsedLine[] {
  try {
    return parse(text, {
      bom: true,
      delimiter,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
    }) as unknown as ParsedLine[];
  } catch (thrown) {
    throw invalid(path, thrown instanceof Error ? thrown.message : String(thrown));
  }
}

function columnAmong(names: readonly string[], header: readonly string[]): number {
  const found = names.find((name) => header.includes(name));
  return found === undefined ? -1 : header.indexOf(found);
}

function readText(path: string): string {
  try {
    const { size } = statSync(path);
    if (size > MAX_TABLE_BYTES) throw invalid(path, `it is larger than ${MAX_TABLE_BYTES / 2 ** 20} MB`);
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    if (thrown instanceof TypeError) throw invalid(path, 'it is not UTF-8 text');
    throw new AppError(
      'labels-invalid',
      `The table of labels “${path}” cannot be read (${systemCode(thrown) ?? 'unknown error'}); check the path.`,
      { where: path, cause: thrown },
    );
  }
}

function invalid(path: string, problem: string): AppError {
  return new AppError(
    'labels-invalid',
    `The table of labels “${basename(path)}” cannot be used: ${problem}; give a CSV file with one picture a line, such as “cats/1.jpg,cat”, under a header “file,label”.`,
    { where: path },
  );
}
