import { must } from '../../diagnostics/invariantError.ts';
import { encodeUtf8 } from '../utf8.ts';

/** An array to write; the elements are in C order. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | BigInt64Array | Uint32Array;
  /** For texts, which `data` holds as UCS-4: characters of the longest one. */
  readonly textLength?: number;
}

const MAGIC = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);
/** The magic, the version and the length of the header. */
const BEFORE_HEADER = 10;
/** The data of an array begin at a multiple of so many bytes. */
const ALIGNMENT = 64;

/**
 * A `.npy` file of version 1.0 (numpy/lib/format.py): the magic, the literal of a dict that describes the array, filled
 * up with spaces, and the elements, little-endian.
 */
export function encodeNpy(array: NpyArray): Uint8Array<ArrayBuffer> {
  const { data } = array;
  const literal = describeArray(array);
  const total = Math.ceil((BEFORE_HEADER + literal.length + 1) / ALIGNMENT) * ALIGNMENT;
  const header = encodeUtf8(`${literal.padEnd(total - BEFORE_HEADER - 1)}\n`);
  const file = new Uint8Array(total + data.byteLength);
  file.set(MAGIC);
  new DataView(file.buffer).setUint16(MAGIC.length, header.length, true);
  file.set(header, BEFORE_HEADER);
  file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), total);
  return file;
}

/** An array of texts of a fixed number of characters, as NumPy keeps them (`<U5`). */
export function npyTexts(texts: readonly string[]): NpyArray {
  const points = texts.map((text) => Array.from(text, (char) => must(char.codePointAt(0), 'a character')));
  const textLength = points.reduce((most, { length }) => Math.max(most, length), 1);
  const data = new Uint32Array(texts.length * textLength);
  points.forEach((each, index) => {
    data.set(each, index * textLength);
  });
  return { shape: [texts.length], data, textLength };
}

function describeArray({ shape, data, textLength }: NpyArray): string {
  const dims = shape.length === 1 ? `${String(shape[0])},` : shape.join(', ');
  const descr = textLength === undefined ? numberType(data) : `<U${String(textLength)}`;
  return `{'descr': '${descr}', 'fortran_order': False, 'shape': (${dims}), }`;
}

function numberType(data: NpyArray['data']): string {
  if (data instanceof Float32Array) return '<f4';
  return data instanceof BigInt64Array ? '<i8' : '<u4';
}
