import type { AppErrorData } from '#core/diagnostics/appError.ts';

/** Progress and logs: a line on stderr. */
export function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** A line for people on stdout, for commands without `--json`. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The result of a `--json` command: one object, the last line of stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** An error for people: what, where, what to do in one line; the technical cause behind it. */
export function logError(error: AppErrorData): void {
  log(`normlab: ${error.message}`);
  if (error.detail !== undefined && (error.code === 'internal' || process.env.NORMLAB_DEBUG))
    log(error.detail);
}

/** A progress line that rewrites itself on a terminal and stays quiet elsewhere. */
export function progressLine(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${text}`);
}

export function endProgressLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
}

/** Plain text table: columns padded, numbers to the right. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [header, ...rows.map((row) => row.map(String))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const isNumber = (column: number): boolean => rows.every((row) => typeof row[column] === 'number');
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return cells.map(line).join('\n');
}
