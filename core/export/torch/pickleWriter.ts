import { encodeUtf8 } from '../utf8.ts';

/** Bytes of opcodes that leave one value on the stack of an unpickler. */
export type Opcodes = readonly number[];

/** A whole pickle of protocol 2 (Lib/pickle.py): the value, and the end mark. */
export function encodePickle(value: Opcodes): Uint8Array<ArrayBuffer> {
  return Uint8Array.from([0x80, 2, ...value, codeOf('.')]);
}

/** A `str`. */
export function text(value: string): Opcodes {
  const bytes = encodeUtf8(value);
  return [codeOf('X'), ...littleEndian(bytes.length, 4), ...bytes];
}

/** An `int` from 0 to 2^53. */
export function integer(value: number): Opcodes {
  if (value < 2 ** 31) return [codeOf('J'), ...littleEndian(value, 4)];
  return [0x8a, 8, ...littleEndian(value, 8)];
}

export const FALSE: Opcodes = [0x89];

export function tuple(...items: readonly Opcodes[]): Opcodes {
  return [codeOf('('), ...items.flat(), codeOf('t')];
}

/** A class or function by its module and name. */
export function globalName(module: string, name: string): Opcodes {
  return [codeOf('c'), ...encodeUtf8(`${module}\n${name}\n`)];
}

/** The result of calling the function with these arguments. */
export function call(callee: Opcodes, ...args: readonly Opcodes[]): Opcodes {
  return [...callee, ...tuple(...args), codeOf('R')];
}

/** The object that the reader finds by this id. */
export function persistent(id: Opcodes): Opcodes {
  return [...id, codeOf('Q')];
}

/** An object of a mapping, and the items that are set in it, in this order. */
export function withItems(
  mapping: Opcodes,
  items: readonly (readonly [key: Opcodes, value: Opcodes])[],
): Opcodes {
  return [...mapping, codeOf('('), ...items.flat(2), codeOf('u')];
}

function codeOf(letter: string): number {
  return letter.charCodeAt(0);
}

function littleEndian(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, at) => Math.floor(value / 2 ** (8 * at)) % 256);
}
