/** A cell: text, a number as JavaScript prints it, or nothing. A number that is not finite is `NaN` or `Infinity`. */
export type CsvCell = string | number | null;

/**
 * A table as CSV (RFC 4180): a header and rows, fields quoted where that is needed, CRLF after every line. Null gives
 * an empty cell.
 */
export function csvTable(header: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [header, ...rows].map((row) => `${csvLine(row)}\r\n`).join('');
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
