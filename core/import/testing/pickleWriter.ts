import { encodeUtf8 } from '../../export/utf8.ts';
import { ascii, concat, little } from './bytes.ts';

/** A value that is written as Python would write it with protocol 2: arrays become lists, maps dicts. */
export type Picklable =
  null | boolean | number | bigint | string | readonly Picklable[] | ReadonlyMap<Picklable, Picklable> | Raw;

/** Opcodes that leave one value on the stack. */
export interface Raw {
  readonly opcodes: Uint8Array;
}

/** A whole pickle: protocol 2, the value, the end. */
export function pickle(value: Picklable): Uint8Array<ArrayBuffer> {
  return concat([[0x80, 2], opcodesOf(value), ascii('.')]);
}

/** Opcodes by their letters and bytes. */
export function raw(...parts: readonly (string | readonly number[] | Picklable)[]): Raw {
  return { opcodes: concat(parts.map((part) => (typeof part === 'string' ? ascii(part) : opcodesOf(part)))) };
}

/** A str among opcodes. */
export function text(value: string): Raw {
  return { opcodes: opcodesOf(value) };
}

export function tuple(...items: readonly Picklable[]): Raw {
  return { opcodes: concat([ascii('('), ...items.map(opcodesOf), ascii('t')]) };
}

/** The name of a class or function. */
export function global(module: string, name: string): Raw {
  return { opcodes: ascii(`c${module}\n${name}\n`) };
}

/** What `REDUCE` would leave by calling the function. */
export function call(module: string, name: string, ...args: readonly Picklable[]): Raw {
  return { opcodes: concat([opcodesOf(global(module, name)), opcodesOf(tuple(...args)), ascii('R')]) };
}

/** An object of a class, with its attributes. */
export function object(module: string, name: string, attributes: Readonly<Record<string, Picklable>>): Raw {
  const state = new Map(Object.entries(attributes));
  return { opcodes: concat([opcodesOf(global(module, name)), [0x29, 0x81], opcodesOf(state), ascii('b')]) };
}

export function dict(entries: Readonly<Record<string, Picklable>>): ReadonlyMap<Picklable, Picklable> {
  return new Map(Object.entries(entries));
}

/** A persistent id. */
export function persistent(id: Picklable): Raw {
  return { opcodes: concat([opcodesOf(id), ascii('Q')]) };
}

function opcodesOf(value: Picklable): Uint8Array {
  if (value === null) return ascii('N');
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0x88 : 0x89);
  if (typeof value === 'string') {
    const bytes = encodeUtf8(value);
    return concat([ascii('X'), little(bytes.length, 4), bytes]);
  }
  if (typeof value === 'bigint') return concat([[0x8a, 17], little(BigInt.asUintN(136, value), 17)]);
  if (typeof value === 'number') return numberOpcodes(value);
  if ('opcodes' in value) return value.opcodes;
  const items = value instanceof Map ? [...value].flat() : [...(value as readonly Picklable[])];
  const [start, end] = value instanceof Map ? ['}(', 'u'] : ['](', 'e'];
  return concat([ascii(start), ...items.map((item) => opcodesOf(item as Picklable)), ascii(end)]);
}

function numberOpcodes(value: number): Uint8Array {
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31)
    return concat([ascii('J'), little(BigInt.asUintN(32, BigInt(value)), 4)]);
  if (Number.isInteger(value)) return opcodesOf(BigInt(value));
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return concat([ascii('G'), bytes]);
}
