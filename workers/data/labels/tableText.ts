import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { CsvError, parse } from 'csv-parse/sync';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, asIs, type Message } from '#core/words/message.ts';
import { namedCode } from '../../files/systemErrors.ts';

/** A line of a table, unparsed. */
export interface TableLine {
  readonly cells: readonly string[];
  /** Line number in the file, from 1; the last one for a field that spans several lines. */
  readonly line: number;
}

/** Larger tables are refused: a million lines take about 50 MB. */
const MAX_TABLE_BYTES = 512 * 2 ** 20;
const SEPARATORS = [',', ';', '\t', '|'];

/** The error for an unusable table; `problem` is the reason. */
export function invalidTable(path: string, problem: Message): AppError {
  return new AppError('labels-invalid', message('labels.unusable', { table: basename(path), problem }), {
    where: path,
  });
}

/**
 * The lines of a table in CSV or TSV, with trimmed cells and without empty lines. Encoding: UTF-8, or UTF-16 with a
 * byte order mark. Fields may be quoted. The separator is the one of `,`, `;`, tab and `|` that is most frequent in the
 * first line, or the one that a first line `sep=` names. Throws `AppError('labels-invalid')` with the reason.
 */
export function readTableLines(path: string): TableLine[] {
  const text = readText(path);
  try {
    return parseTableText(text);
  } catch (thrown) {
    throw invalidTable(path, parserProblem(thrown));
  }
}

/** The message for a parser error, by its code where a table can cause that code. */
function parserProblem(thrown: unknown): Message {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (!(thrown instanceof CsvError) || typeof thrown.lines !== 'number') return asIs(text);
  const line = thrown.lines;
  if (thrown.code === 'CSV_QUOTE_NOT_CLOSED') return message('labels.quoteNotClosed', { line });
  return asIs(text);
}

/** The lines of a table in a string. Throws the parser's error. */
export function parseTableText(text: string): TableLine[] {
  const named = /^sep=(.)\r?\n/i.exec(text);
  const body = named === null ? text : text.slice(named[0].length);
  const shift = named === null ? 0 : 1;
  const lines: TableLine[] = [];
  parse(body, {
    delimiter: named?.[1] ?? separatorOf(body),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    on_record: (record: readonly string[], context) => {
      const cells = record.map((cell) => cell.trim());
      if (cells.some((cell) => cell !== '')) lines.push({ cells, line: context.lines + shift });
      return null;
    },
  });
  return lines;
}

/** The separator that is most frequent in the first line, outside quotes. */
function separatorOf(text: string): string {
  const line = text.slice(0, text.search(/\r?\n|$/)).replace(/"[^"]*"/g, '');
  return SEPARATORS.reduce((best, next) => (line.split(next).length > line.split(best).length ? next : best));
}

function readText(path: string): string {
  const bytes = readBytes(path);
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = isUtf16 ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    const line = lineOfBadByte(bytes);
    throw invalidTable(
      path,
      line === null ? message('labels.notUtf8') : message('labels.notUtf8At', { line }),
    );
  }
}

function readBytes(path: string): Buffer {
  try {
    const { size } = statSync(path);
    if (size > MAX_TABLE_BYTES)
      throw invalidTable(path, message('labels.tooLarge', { megabytes: MAX_TABLE_BYTES / 2 ** 20 }));
    return readFileSync(path);
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown;
    const said = message('labels.unreadable', { path, code: namedCode(thrown) });
    throw new AppError('labels-invalid', said, { where: path, cause: thrown });
  }
}

/**
 * The number, from 1, of the first line that is not valid UTF-8 when the text is in another encoding; null where it
 * cannot be determined.
 */
function lineOfBadByte(bytes: Buffer): number | null {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let from = 0; from < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, from);
    const to = end === -1 ? bytes.length : end + 1;
    try {
      decoder.decode(bytes.subarray(from, to));
    } catch {
      return line;
    }
    from = to;
  }
  return null;
}
