/** A cell: text, a number as JavaScript prints it, or nothing. A number that is not finite is `NaN` or `Infinity`. */
export type CsvCell = string | number | null;

/**
 * A table as CSV (RFC 4180): a header and rows, fields quoted where that is needed, CRLF after every line. Null gives
 * an empty cell.
 */
export function csvTable(header: readonly string[], rows: Iterable<readonly CsvCell[]>): string {
  return [...csvParts(header, rows)].join('');
}

/** Cells of one part: a few milliseconds of work. */
const PART_CELLS = 8192;

/** As `csvTable`, in parts of whole lines: a long table is made while it is written. */
export function* csvParts(header: readonly string[], rows: Iterable<readonly CsvCell[]>): Iterable<string> {
  let part = `${csvLine(header)}\r\n`;
  let cells = header.length;
  for (const row of rows) {
    if (cells >= PART_CELLS) {
      yield part;
      [part, cells] = ['', 0];
    }
    part += `${csvLine(row)}\r\n`;
    cells += row.length;
  }
  yield part;
}

/** A row for each item, made when it is needed. */
export function* rowsOf<T>(
  items: Iterable<T>,
  rowOf: (item: T, at: number) => readonly CsvCell[],
): Iterable<readonly CsvCell[]> {
  let at = 0;
  for (const item of items) yield rowOf(item, at++);
}

/** One line of such a table, without its end. */
export function csvLine(cells: readonly CsvCell[]): string {
  return cells.map((cell) => (typeof cell === 'string' ? csvField(cell) : String(cell ?? ''))).join(',');
}

/** A text as a field, quoted where that is needed. Text that a spreadsheet would run gets a leading apostrophe. */
export function csvField(text: string): string {
  return /[",\n\r]/.test(text) ? quotedCsvField(text) : harmless(text);
}

/** A text as a field in quotes. Text that a spreadsheet would run gets a leading apostrophe. */
export function quotedCsvField(text: string): string {
  return `"${harmless(text).replaceAll('"', '""')}"`;
}

/** Text that a spreadsheet would run as a formula gets a leading apostrophe. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
