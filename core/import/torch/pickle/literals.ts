import { decodeUtf8 } from '../../../export/utf8.ts';
import type { ByteCursor } from '../../byteCursor.ts';
import { latin1 } from '../../latin1.ts';
import { tooLarge, wrongPickle } from './machine.ts';
import type { PickleValue } from './values.ts';

/** Longer integers occur in no model file; converting one takes quadratic time. */
const MOST_LONG_BYTES = 1024;

/** A str of Python 3. */
export function unicode(input: ByteCursor, length: number): string {
  try {
    return decodeUtf8(input.take(length));
  } catch (cause) {
    if (cause instanceof TypeError) throw wrongPickle();
    throw cause;
  }
}

/** A str of Python 2, which has no encoding: UTF-8 where that is valid, and else one character per byte. */
export function oldString(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    return latin1(bytes);
  }
}

/** An integer in two's complement, little-endian. */
export function long(input: ByteCursor, length: number): number | bigint {
  if (length > MOST_LONG_BYTES) throw tooLarge();
  const bytes = input.take(length);
  let value = 0n;
  for (let at = length - 1; at >= 0; at -= 1) value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return exact(BigInt.asIntN(Math.max(1, length * 8), value));
}

/** A big-endian float64. */
export function float(input: ByteCursor): number {
  const bytes = input.take(8);
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0);
}

/** The text of `INT` and `LONG`; `00` and `01` are the booleans of protocol 1. */
export function decimal(text: string): PickleValue {
  if (text === '00' || text === '01') return text === '01';
  const digits = text.replace(/L$/u, '').trim();
  if (digits.length > MOST_LONG_BYTES) throw tooLarge();
  if (!/^[+-]?\d+$/u.test(digits)) throw wrongPickle();
  return exact(BigInt(digits.replace(/^\+/u, '')));
}

/** The text of `FLOAT`, as Python's repr writes it. */
export function decimalFloat(text: string): number {
  const special = new Map([
    ['inf', Infinity],
    ['-inf', -Infinity],
    ['nan', NaN],
  ]).get(text);
  if (special !== undefined) return special;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/iu.test(text)) throw wrongPickle();
  return Number(text);
}

/** The text of `STRING`: a literal of Python 2 in quotes. */
export function quoted(text: string): string {
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || !text.endsWith(quote)) throw wrongPickle();
  return text.slice(1, -1).replace(/\\(x[0-9a-f]{2}|.)/giu, (_, code: string) => escapeOf(code));
}

/** The text of `UNICODE`: Latin-1 with \u escapes. */
export function rawUnicode(text: string): string {
  return text.replace(/\\u([0-9a-f]{4})|\\U([0-9a-f]{8})/giu, (whole, short?: string, long?: string) => {
    const point = Number.parseInt(short ?? long ?? '', 16);
    return point <= 0x10_ffff ? String.fromCodePoint(point) : whole;
  });
}

function escapeOf(code: string): string {
  if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
  return (
    new Map([
      ['n', '\n'],
      ['r', '\r'],
      ['t', '\t'],
      ['0', '\0'],
    ]).get(code) ?? code
  );
}

function exact(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
