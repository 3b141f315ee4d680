import type { AppErrorData } from '#core/diagnostics/appError.ts';
import { visibleJson, visibleLines, visibleText } from '#core/diagnostics/visibleText.ts';
import { errnoOf, toOutputError } from '#workers/files/atomicFile.ts';
import { inEnglish, isMessage } from '#core/words/catalogues.ts';
import type { MessageValue } from '#core/words/message.ts';

/** Progress and logs: a line on stderr. Control characters in names are made visible. */
export function log(line: string): void {
  process.stderr.write(`${visibleText(line)}\n`);
}

/**
 * One or more lines for people on stdout, for commands without `--json`; use `visibleText` for a name that must not
 * break a line.
 */
export function print(text: string): void {
  process.stdout.write(`${visibleLines(text)}\n`);
}

/** A line for another program on stdout, byte for byte; on a terminal the same as `print`. */
export function printData(line: string): void {
  process.stdout.write(`${process.stdout.isTTY ? visibleLines(line) : line}\n`);
}

/** A value as JSON text without invisible characters; messages in it are in English. */
export function toJson(value: unknown): string {
  return visibleJson(JSON.stringify(value, (_, part: unknown) => (isMessage(part) ? inEnglish(part) : part)));
}

/** The result of a `--json` command: one object, the last line of stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${toJson(value)}\n`);
}

/**
 * Ends the process when stdout accepts no more data: quietly when its reader has ended (`| head`), else with 1 and the
 * reason. A failure of stderr loses only progress and ends nothing.
 */
export function watchOutput(): void {
  process.stdout.on('error', (error) => {
    if (errnoOf(error) === 'EPIPE') process.exit(0);
    log(`normlab: ${toOutputError(error, 'standard output').message}`);
    process.exit(1);
  });
  process.stderr.on('error', () => undefined);
}

/** Options that help with an error about a folder that can be read in two ways. */
const OPTIONS_BY_CODE: ReadonlyMap<string, string> = new Map([
  ['labels-column', ' (--label-column NAME, --file-column NAME; a header, or a number from 1)'],
  ['folder-in-parts', ' (--no-parts takes them as classes)'],
]);

/** An error for people: what, where, what to do in one line, followed by the technical cause. */
export function logError(error: AppErrorData): void {
  const { where } = error;
  const message = inEnglish(error.message);
  // A project's own error names the place in the file; the name of the file is added here.
  const isPlaceMissing =
    error.code.startsWith('project-') && where !== undefined && !names(error.message, where);
  log(`normlab: ${isPlaceMissing ? `${where}: ` : ''}${message}${OPTIONS_BY_CODE.get(error.code) ?? ''}`);
  if (error.detail !== undefined && (error.code === 'internal' || process.env.NORMLAB_DEBUG))
    process.stderr.write(`${visibleLines(inEnglish(error.detail))}\n`);
}

/** True when the message contains `place`. */
function names(said: MessageValue, place: string): boolean {
  if (typeof said === 'string') return said === place;
  if (Array.isArray(said)) return said.some((part: MessageValue) => names(part, place));
  return isMessage(said) && Object.values(said.values).some((part) => names(part, place));
}

/** A progress line that rewrites itself on a terminal and prints nothing elsewhere. */
export function progressLine(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${visibleText(text)}`);
}

export function endProgressLine(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
}

/** Plain text table: columns padded, numbers right-aligned. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [header, ...rows.map((row) => row.map((cell) => visibleText(String(cell))))];
  const widths = header.map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, row[column]?.length ?? 0), 0),
  );
  const isNumber = header.map((_, column) => rows.every((row) => typeof row[column] === 'number'));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return cells.map(line).join('\n');
}
