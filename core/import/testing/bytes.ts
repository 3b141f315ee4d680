import { inflateSync } from 'fflate';
import type { ModelFile } from '../foreignModel.ts';

/** A model file in memory; `others` are the files beside it. */
export function modelFile(
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  others: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {},
): ModelFile {
  return {
    name,
    bytes,
    names: () => [name, ...Object.keys(others)],
    beside: (other) =>
      Object.hasOwn(others, other) ? (others[other] ?? null) : other === name ? bytes : null,
  };
}

export function concat(parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** One byte per character. */
export function ascii(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** `count` bytes, little-endian. */
export function little(value: number | bigint, count: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: count }, (_, at) => Number((BigInt(value) >> BigInt(8 * at)) & 0xffn));
}

/** The bytes of an array's elements. */
export function bytesOf(array: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength).slice();
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The bytes of a text in base64 of deflated bytes, as samples of real files are stored. */
export function unpack(base64: string): Uint8Array<ArrayBuffer> {
  const packed = new Uint8Array(Math.floor((base64.replace(/=+$/u, '').length * 3) / 4));
  for (let at = 0; at * 4 < base64.length; at += 1) {
    const quad = [0, 1, 2, 3].map((digit) => Math.max(0, DIGITS.indexOf(base64[at * 4 + digit] ?? 'A')));
    const value = quad.reduce((sum, digit) => sum * 64 + digit, 0);
    packed.set([value >> 16, (value >> 8) & 0xff, value & 0xff].slice(0, packed.length - at * 3), at * 3);
  }
  return concat([inflateSync(packed)]);
}
