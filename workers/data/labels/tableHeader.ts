import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { compareNames } from '../walk/compareNames.ts';
import { isAnswerForm, isTable, promiseOf } from './columnNames.ts';
import { parseTableText } from './tableText.ts';

/** The beginning of a table, from which the user chooses columns. */
interface TableHeader {
  readonly name: string;
  /** Cells of the first line. */
  readonly header: readonly string[];
  /** Cells of the line after it; empty where there is none. */
  readonly example: readonly string[];
}

/** Number of bytes read from a table. */
const HEAD_BYTES = 64 * 1024;

/**
 * The first lines of the table that a scan of `folder` would try first; null where there is none that can be read as
 * text.
 */
export function tableHeader(folder: string): TableHeader | null {
  const [name] = tablesOf(folder);
  if (name === undefined) return null;
  try {
    const text = new TextDecoder('utf-8').decode(readHead(join(folder, name)));
    const end = text.lastIndexOf('\n');
    const [header, example] = parseTableText(end === -1 ? text : text.slice(0, end + 1));
    return header === undefined ? null : { name, header: header.cells, example: example?.cells ?? [] };
  } catch {
    return null;
  }
}

function tablesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => isTable(name) && !name.startsWith('.') && !isAnswerForm(name))
      .sort((a, b) => promiseOf(b) - promiseOf(a) || compareNames(a, b));
  } catch {
    return [];
  }
}

function readHead(path: string): Buffer {
  const handle = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    return buffer.subarray(0, readSync(handle, buffer, 0, HEAD_BYTES, 0));
  } finally {
    closeSync(handle);
  }
}
