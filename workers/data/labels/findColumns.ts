import { basename } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import type { TableColumns } from '#core/document/dataSettings.ts';
import { message, type Message } from '#core/words/message.ts';
import { FILE_HEADERS, headerKey, LABEL_HEADERS } from './columnNames.ts';
import type { FileLocator } from './fileNames.ts';
import { invalidTable, type TableLine } from './tableText.ts';

/** The columns of a table that hold files and classes; indices from 0. */
export interface FoundColumns {
  /** Null: the first line is already an image. */
  readonly header: readonly string[] | null;
  readonly file: number;
  /** Several: a one-hot table, whose classes are the headers of the columns. */
  readonly labels: readonly number[];
}

/** Number of lines that are examined to find the columns, spread over the table. */
const JUDGED = 400;

/** A table and the columns found so far. */
interface Judged {
  readonly path: string;
  readonly header: readonly string[] | null;
  readonly lines: readonly TableLine[];
  readonly width: number;
}

/**
 * Finds the column of files by its content (names of existing files), and the column of classes by its header, as the
 * only other column, or as a block of one-hot columns. Explicitly requested columns take precedence. Throws
 * `AppError('labels-column')`, with the header quoted, where several columns or no known column could hold the class.
 */
export function findColumns(
  path: string,
  lines: readonly TableLine[],
  { find }: FileLocator,
  asked: TableColumns,
): FoundColumns {
  const isThere = (cell: string): boolean => typeof find(cell) === 'object';
  const first = lines[0]?.cells ?? [];
  const header = first.some(isThere) ? null : first;
  const body = header === null ? lines : lines.slice(1);
  const width = lines.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const table = { path, header, lines: body, width };
  const file = asked.fileColumn === null ? fileColumn(table, find) : namedColumn(table, asked.fileColumn);
  const label = asked.labelColumn === null ? null : namedColumn(table, asked.labelColumn);
  return { header, file, labels: label === null ? labelColumns(table, file) : [label] };
}

/** The column that a user names, by its header or its number from 1. Throws `AppError('labels-column')`. */
function namedColumn(table: Judged, wanted: string): number {
  const keys = table.header?.map(headerKey) ?? [];
  const exact = table.header?.indexOf(wanted) ?? -1;
  const at = exact === -1 ? keys.indexOf(headerKey(wanted)) : exact;
  if (at !== -1) return at;
  const number = /^\d{1,4}$/.test(wanted) ? Number(wanted) : 0;
  if (number >= 1 && number <= table.width) return number - 1;
  throw columnError(table, message('labels.noColumn', { column: wanted }));
}

/**
 * The column whose cells name most different files; among columns that name about as many, the one with the most
 * specific header.
 */
function fileColumn({ header, lines, width }: Judged, find: FileLocator['find']): number {
  const judged = spread(lines);
  const counts = Array.from({ length: width }, (_, column) => {
    const found = judged.map(({ cells }) => find(cells[column] ?? ''));
    return new Set(found.map((file) => (typeof file === 'object' ? file.file : null)).filter(Boolean)).size;
  });
  const most = Math.max(0, ...counts);
  const keys = header?.map(headerKey) ?? [];
  const known = FILE_HEADERS.map((name) => keys.indexOf(name)).filter((column) => column !== -1);
  if (most === 0) return known[0] ?? 0;
  return known.find((column) => (counts[column] ?? 0) * 2 > most) ?? counts.indexOf(most);
}

function labelColumns(table: Judged, file: number): number[] {
  const { header, width } = table;
  const others = Array.from({ length: width }, (_, column) => column).filter((column) => column !== file);
  const keys = header?.map(headerKey) ?? [];
  const known = LABEL_HEADERS.flatMap((name) => others.filter((column) => keys[column] === name));
  const [best] = known;
  if (best !== undefined) {
    const other = known.find((column) => !sayTheSame(table.lines, best, column));
    if (other === undefined) return [best];
    throw columnError(table, message('labels.manyClassColumns', { columns: quoted(table, [best, other]) }));
  }
  const oneHot = header === null ? null : oneHotColumns(table, others);
  if (oneHot !== null) return oneHot;
  const [only] = others;
  if (others.length === 1 && only !== undefined) return [only];
  if (others.length === 0)
    throw invalidTable(table.path, message('labels.oneColumn', { column: header?.[0] ?? '' }));
  throw columnError(table, message(header === null ? 'labels.noHeader' : 'labels.noClassColumn'));
}

/** True when two columns divide the lines in the same way: a class's number beside its name. */
function sayTheSame(lines: readonly TableLine[], a: number, b: number): boolean {
  const [forward, backward] = [new Map<string, string>(), new Map<string, string>()];
  return lines.every(({ cells }) => {
    const [left, right] = [cells[a] ?? '', cells[b] ?? ''];
    if (left === '' && right === '') return true;
    const isSame = (forward.get(left) ?? right) === right && (backward.get(right) ?? left) === left;
    forward.set(left, right);
    backward.set(right, left);
    return isSame;
  });
}

/**
 * The columns that hold only 0 and 1, with a single 1 in each line; null where there are fewer than two such columns.
 */
function oneHotColumns(table: Judged, others: readonly number[]): number[] | null {
  const isBit = (cell: string | undefined): boolean => /^[01](\.0*)?$/.test(cell ?? '');
  const bits = others.filter(
    (column) => table.lines.length > 0 && table.lines.every(({ cells }) => isBit(cells[column])),
  );
  if (bits.length < 2) return null;
  for (const { cells, line } of table.lines) {
    const classes = bits.filter((column) => Number(cells[column]) === 1).length;
    if (classes === 1) continue;
    throw columnError(table, message('labels.notOneHot', { line, classes, columns: quoted(table, bits) }));
  }
  return bits;
}

/** Up to `JUDGED` lines, evenly spread. */
function spread(lines: readonly TableLine[]): readonly TableLine[] {
  const step = Math.max(1, lines.length / JUDGED);
  return Array.from(
    { length: Math.min(lines.length, JUDGED) },
    (_, turn) => lines[Math.floor(turn * step)],
  ).filter((line) => line !== undefined);
}

function quoted({ header }: Pick<Judged, 'header'>, columns: readonly number[]): string[] {
  const names = columns.slice(0, 8).map((column) => `“${header?.[column] ?? column + 1}”`);
  return columns.length > 8 ? [...names, '…'] : names;
}

function columnError(table: Judged, problem: Message): AppError {
  const { path, header, lines } = table;
  const [first] = lines;
  const cells = header === null ? (first?.cells ?? []) : header.slice(0, 30);
  const isCut = header !== null && header.length > 30;
  // As written in the table, in any language.
  const quote = message(header === null ? 'labels.firstLine' : 'labels.header', {
    cells: cells.join(', ') + (isCut ? ', …' : ''),
  });
  const said = message('labels.columnProblem', { table: basename(path), problem, quote });
  return new AppError('labels-column', said, { where: path });
}
