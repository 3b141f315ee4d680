import { decodeUtf8 } from '../../export/utf8.ts';
import { message } from '../../words/message.ts';
import { byteCursor, type ByteCursor } from '../byteCursor.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import { latin1 } from '../latin1.ts';
import { looksLikeNpy } from '../signatures.ts';

const MAGIC_BYTES = 6;
/** The header of an array of plain numbers has some 100 bytes. */
const MOST_HEADER = 4096;
/** The header is among these first bytes of a file, whatever its size. */
export const HEADER_REACH = MOST_HEADER + 12;
/** NumPy's own limit. */
const MOST_DIMS = 64;

export interface NpyHeader {
  /** The type as NumPy writes it: `<f4`; null for a structured type. */
  readonly descr: string | null;
  readonly fortranOrder: boolean;
  readonly dims: readonly number[];
  /** Of the first byte of the data. */
  readonly dataStart: number;
}

/**
 * The header of a `.npy` file, versions 1 to 3 (`numpy/lib/format.py`): the literal of a dict with exactly the keys
 * `descr`, `fortran_order` and `shape`, which is parsed and not evaluated. `bytes` are the first `HEADER_REACH` bytes
 * of the file or more. Throws a fault.
 */
export function readNpyHeader(bytes: Uint8Array<ArrayBuffer>): NpyHeader {
  if (!looksLikeNpy(bytes)) throw brokenFile(message('weightFiles.npyMagic'));
  const cursor = byteCursor(bytes, MAGIC_BYTES);
  const [major] = [cursor.u8(), cursor.u8()];
  if (major < 1 || major > 3) throw unsupportedFile(message('weightFiles.npyVersion', { version: major }));
  const length = major === 1 ? cursor.u16() : cursor.u32();
  if (length > MOST_HEADER) throw wrongHeader();
  const text = headerText(cursor, length, major === 3);
  return { ...parseHeader(text), dataStart: cursor.position() };
}

function headerText(cursor: ByteCursor, length: number, isUtf8: boolean): string {
  const bytes = cursor.take(length);
  try {
    return isUtf8 ? decodeUtf8(bytes) : latin1(bytes);
  } catch {
    throw wrongHeader();
  }
}

/** One entry of the literal; a structured type is a list of pairs. */
const FIELD =
  /\s*(?:'(?<single>\w+)'|"(?<double>\w+)")\s*:\s*(?:'(?<text>[^'\\]*)'|"(?<quoted>[^"\\]*)"|(?<word>True|False)|\((?<shape>[\d\sL,]*)\)|(?<list>\[.*))\s*(?:,|(?=\}))/suy;

type FieldValue = string | boolean | readonly number[] | null;

function parseHeader(text: string): Omit<NpyHeader, 'dataStart'> {
  const all = text.trim();
  if (!all.startsWith('{') || !all.endsWith('}')) throw wrongHeader();
  const fields = new Map<string, FieldValue>();
  let at = 1;
  while (all.slice(at).trim() !== '}') {
    FIELD.lastIndex = at;
    const groups = FIELD.exec(all)?.groups ?? {};
    const key = groups['single'] ?? groups['double'];
    if (key === undefined || fields.has(key)) throw wrongHeader();
    if (groups['list'] !== undefined) return { descr: null, fortranOrder: false, dims: [] };
    fields.set(key, fieldValue(groups));
    at = FIELD.lastIndex;
  }
  const [descr, fortranOrder, dims] = ['descr', 'fortran_order', 'shape'].map((key) => fields.get(key));
  if (fields.size !== 3 || typeof descr !== 'string' || typeof fortranOrder !== 'boolean')
    throw wrongHeader();
  if (typeof dims !== 'object' || dims === null) throw wrongHeader();
  return { descr, fortranOrder, dims };
}

function fieldValue(groups: Readonly<Record<string, string | undefined>>): FieldValue {
  if (groups['word'] !== undefined) return groups['word'] === 'True';
  return groups['shape'] === undefined
    ? (groups['text'] ?? groups['quoted'] ?? null)
    : shapeOf(groups['shape']);
}

/** Whole numbers with commas between them, one after the last permitted; Python 2 put an L behind a long. */
function shapeOf(text: string): readonly number[] {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  const dims = parts.map((part) => (/^\d{1,16}L?$/u.test(part) ? Number.parseInt(part, 10) : NaN));
  if (dims.length > MOST_DIMS || !dims.every((dim) => Number.isSafeInteger(dim))) throw wrongHeader();
  return dims;
}

function wrongHeader(): Error {
  return brokenFile(message('weightFiles.npyHeader'));
}
