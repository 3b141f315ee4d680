import type { ForeignDtype } from './foreignModel.ts';
import { fromBfloat16, fromFloat16, fromInt64 } from './halfFloats.ts';

/** Bytes per element. */
export const ELEMENT_BYTES: Readonly<Record<ForeignDtype, number>> = {
  f64: 8,
  f32: 4,
  f16: 2,
  bf16: 2,
  i64: 8,
  i32: 4,
  i16: 2,
  i8: 1,
  u64: 8,
  u32: 4,
  u16: 2,
  u8: 1,
  bool: 1,
};

type Reader = (view: DataView, at: number, little: boolean) => number;

const READERS: Readonly<Record<ForeignDtype, Reader>> = {
  f64: (view, at, little) => view.getFloat64(at, little),
  f32: (view, at, little) => view.getFloat32(at, little),
  f16: (view, at, little) => fromFloat16(view.getUint16(at, little)),
  bf16: (view, at, little) => fromBfloat16(view.getUint16(at, little)),
  i64: (view, at, little) => fromInt64(view.getBigInt64(at, little)),
  i32: (view, at, little) => view.getInt32(at, little),
  i16: (view, at, little) => view.getInt16(at, little),
  i8: (view, at) => view.getInt8(at),
  u64: (view, at, little) => fromInt64(view.getBigUint64(at, little)),
  u32: (view, at, little) => view.getUint32(at, little),
  u16: (view, at, little) => view.getUint16(at, little),
  u8: (view, at) => view.getUint8(at),
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
};

/** Where the elements of a tensor are: the index of an element is `offset` plus the sum of its indices × strides. */
export interface Placement {
  readonly dims: readonly number[];
  /** In elements; none is negative. */
  readonly strides: readonly number[];
  /** In elements. */
  readonly offset: number;
}

/** Number of elements; Infinity or inexact above 2^53, which no file can have. */
export function countOf(dims: readonly number[]): number {
  return dims.includes(0) ? 0 : dims.reduce((product, dim) => product * dim, 1);
}

/** Strides of an array in C order, or in Fortran order with the first dimension fastest. */
export function denseStrides(dims: readonly number[], fortran = false): readonly number[] {
  const strides = new Array<number>(dims.length).fill(1);
  let stride = 1;
  for (let step = 0; step < dims.length; step += 1) {
    const dim = fortran ? step : dims.length - 1 - step;
    strides[dim] = stride;
    stride *= dims[dim] ?? 1;
  }
  return strides;
}

/** Number of elements from the first of the storage to the last of the tensor: what the storage must have at least. */
export function extentOf({ dims, strides, offset }: Placement): number {
  if (dims.includes(0)) return 0;
  return dims.reduce((sum, dim, index) => sum + (dim - 1) * (strides[index] ?? 0), offset) + 1;
}

/**
 * The elements at `placement` in C order, as float32. `bytes` must have at least `extentOf(placement)` elements. A new
 * array each time.
 */
export function readElements(
  bytes: Uint8Array<ArrayBuffer>,
  dtype: ForeignDtype,
  placement: Placement,
  littleEndian = true,
): Float32Array<ArrayBuffer> {
  const { dims, strides, offset } = placement;
  const count = countOf(dims);
  const width = ELEMENT_BYTES[dtype];
  if (isDense(placement)) {
    const part = bytes.subarray(offset * width, (offset + count) * width);
    return dtype === 'f32' && littleEndian ? copyFloats(part) : convert(part, dtype, count, littleEndian);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = READERS[dtype];
  const out = new Float32Array(count);
  const index = new Array<number>(dims.length).fill(0);
  let at = offset;
  for (let to = 0; to < count; to += 1) {
    out[to] = read(view, at * width, littleEndian);
    for (let dim = dims.length - 1; dim >= 0; dim -= 1) {
      const next = (index[dim] ?? 0) + 1;
      at += strides[dim] ?? 0;
      index[dim] = next;
      if (next < (dims[dim] ?? 0)) break;
      at -= next * (strides[dim] ?? 0);
      index[dim] = 0;
    }
  }
  return out;
}

function isDense({ dims, strides }: Placement): boolean {
  const dense = denseStrides(dims);
  return dims.includes(0) || dims.every((dim, index) => dim === 1 || strides[index] === dense[index]);
}

/** The bytes of little-endian floats as an array: typed arrays are little-endian on every platform of NormLab. */
function copyFloats(part: Uint8Array<ArrayBuffer>): Float32Array<ArrayBuffer> {
  const out = new Float32Array(part.length / 4);
  new Uint8Array(out.buffer).set(part);
  return out;
}

function convert(
  part: Uint8Array<ArrayBuffer>,
  dtype: ForeignDtype,
  count: number,
  littleEndian: boolean,
): Float32Array<ArrayBuffer> {
  const view = new DataView(part.buffer, part.byteOffset, part.byteLength);
  const width = ELEMENT_BYTES[dtype];
  const read = READERS[dtype];
  const out = new Float32Array(count);
  for (let index = 0; index < count; index += 1) out[index] = read(view, index * width, littleEndian);
  return out;
}
