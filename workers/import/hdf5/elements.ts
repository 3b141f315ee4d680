import type { ForeignDtype } from '#core/import/foreignModel.ts';
import type { H5Module } from './library.ts';
import type { OpenFile } from './openFile.ts';

export type DatasetMetadata = ReturnType<H5Module['get_dataset_metadata']>;

/** How the elements of a tensor are stored. */
export interface ElementType {
  readonly dtype: ForeignDtype;
  readonly bytes: number;
}

const FLOATS: Readonly<Record<number, ForeignDtype>> = { 2: 'f16', 4: 'f32', 8: 'f64' };
const SIGNED: Readonly<Record<number, ForeignDtype>> = { 1: 'i8', 2: 'i16', 4: 'i32', 8: 'i64' };
const UNSIGNED: Readonly<Record<number, ForeignDtype>> = { 1: 'u8', 2: 'u16', 4: 'u32', 8: 'u64' };

/**
 * The type of a tensor's elements, or null for one that is no number. Keras stores bfloat16 as two opaque bytes or as
 * an integer, and says so in the attribute `dtype`.
 */
export function elementType(
  { module }: OpenFile,
  { type, size, signed }: DatasetMetadata,
  said: string | null,
): ElementType | null {
  const kinds = module.H5T_class_t;
  if (said === 'bfloat16' && size === 2) return { dtype: 'bf16', bytes: 2 };
  const table =
    type === kinds.H5T_FLOAT.value
      ? FLOATS
      : type !== kinds.H5T_INTEGER.value
        ? null
        : signed
          ? SIGNED
          : UNSIGNED;
  const dtype = table?.[size];
  return dtype === undefined ? null : { dtype, bytes: size };
}

/** Writes `count` little-endian elements to `into` from `at` on, rounded to float32. */
export function decodeElements(
  { dtype, bytes }: ElementType,
  source: DataView,
  count: number,
  into: Float32Array<ArrayBuffer>,
  at: number,
): void {
  if (dtype === 'f32') {
    const raw = new Uint8Array(source.buffer, source.byteOffset, count * bytes);
    new Uint8Array(into.buffer, into.byteOffset + at * 4, count * 4).set(raw);
    return;
  }
  const read = READERS[dtype];
  for (let index = 0; index < count; index += 1) into[at + index] = read(source, index * bytes);
}

type Reader = (source: DataView, offset: number) => number;

const READERS: Readonly<Record<ForeignDtype, Reader>> = {
  f64: (source, offset) => source.getFloat64(offset, true),
  f32: (source, offset) => source.getFloat32(offset, true),
  f16: (source, offset) => halfToNumber(source.getUint16(offset, true)),
  bf16: (source, offset) => bfloatToNumber(source.getUint16(offset, true)),
  i64: (source, offset) => Number(source.getBigInt64(offset, true)),
  i32: (source, offset) => source.getInt32(offset, true),
  i16: (source, offset) => source.getInt16(offset, true),
  i8: (source, offset) => source.getInt8(offset),
  u64: (source, offset) => Number(source.getBigUint64(offset, true)),
  u32: (source, offset) => source.getUint32(offset, true),
  u16: (source, offset) => source.getUint16(offset, true),
  u8: (source, offset) => source.getUint8(offset),
  bool: (source, offset) => source.getUint8(offset),
};

/** IEEE 754 binary16: 1 sign bit, 5 bits of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function bfloatToNumber(bits: number): number {
  scratch.setUint32(0, bits * 2 ** 16);
  return scratch.getFloat32(0);
}
