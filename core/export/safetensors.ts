import { InvariantError } from '../diagnostics/invariantError.ts';
import { requireFinite } from './finite.ts';
import {
  LENGTH_BYTES,
  MAX_HEADER_BYTES,
  readHeader,
  SAFETENSORS_DTYPES,
  type SafetensorsDtype,
} from './safetensorsHeader.ts';
import { encodeUtf8 } from './utf8.ts';

/** A tensor to be written; `data` holds the elements in C order, little-endian, as typed arrays do. */
export interface TensorToWrite {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly data: ArrayBufferView;
}

const VIEWS = {
  F64: Float64Array,
  I64: BigInt64Array,
  F32: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  U8: Uint8Array,
} as const;

type TensorOf<D extends SafetensorsDtype> = D extends SafetensorsDtype
  ? { readonly dtype: D; readonly shape: readonly number[]; readonly data: InstanceType<(typeof VIEWS)[D]> }
  : never;
/** A tensor as read: `data` is a copy, in the array type of `dtype`. */
export type ReadTensor = TensorOf<SafetensorsDtype>;

export interface SafetensorsFile {
  /** In the order of the file. */
  readonly tensors: Map<string, ReadTensor>;
  readonly metadata: Record<string, string>;
}

/**
 * Bytes of a safetensors file: u64 header length, JSON header padded with spaces to a multiple of 8, then the data
 * without gaps. Tensors are ordered by element size, largest first, then by name, as in the format's own writer, so
 * each offset is a multiple of the element size. With `finiteOnly`, NaN or infinity in a float tensor throws
 * `AppError('diverged')`. A duplicate name, the name `__metadata__`, and data that does not fit its shape are bugs of
 * the caller (`InvariantError`).
 */
export function encodeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
  options: { readonly finiteOnly?: boolean } = {},
): Uint8Array<ArrayBuffer> {
  const sorted = [...tensors].sort(byWidthThenName);
  const names = new Set(['__metadata__']);
  for (const tensor of sorted) {
    checkTensor(tensor, options.finiteOnly ?? false);
    if (names.has(tensor.name))
      throw new InvariantError(`tensor name ${JSON.stringify(tensor.name)} is taken`);
    names.add(tensor.name);
  }
  const head = encodeSafetensorsHeader(sorted, metadata);
  const dataBytes = sorted.reduce((sum, tensor) => sum + tensor.data.byteLength, 0);
  const file = new Uint8Array(head.length + dataBytes);
  file.set(head);
  let at = head.length;
  for (const { data } of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

/**
 * Reads a whole safetensors file. Throws `AppError('run-invalid')` with one sentence for a truncated file, an invalid
 * header, duplicate keys, unknown types, offsets out of range, gaps and overlaps.
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { entries, metadata, dataStart } = readHeader(bytes);
  const tensors = new Map<string, ReadTensor>();
  for (const { name, dtype, shape, begin, end } of entries) {
    // The outer constructor copies, so the data starts at offset 0 of its own buffer: aligned for every element type.
    const { buffer } = new Uint8Array(bytes.subarray(dataStart + begin, dataStart + end));
    tensors.set(name, { dtype, shape, data: new VIEWS[dtype](buffer) } as ReadTensor);
  }
  return { tensors, metadata };
}

function byWidthThenName(a: TensorToWrite, b: TensorToWrite): number {
  const width = SAFETENSORS_DTYPES[b.dtype] - SAFETENSORS_DTYPES[a.dtype];
  if (width !== 0) return width;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function bytesOf(dtype: SafetensorsDtype, shape: readonly number[]): number {
  return shape.reduce((product, dim) => product * dim, 1) * SAFETENSORS_DTYPES[dtype];
}

function checkTensor(tensor: TensorToWrite, finiteOnly: boolean): void {
  const { name, dtype, shape, data } = tensor;
  const wanted = bytesOf(dtype, shape);
  if (!(data instanceof VIEWS[dtype]) || data.byteLength !== wanted)
    throw new InvariantError(`tensor ${name} needs ${wanted} bytes of ${dtype}, got ${data.byteLength}`);
  if (finiteOnly && (data instanceof Float32Array || data instanceof Float64Array)) requireFinite(name, data);
}

/**
 * The beginning of a safetensors file, length and padded JSON header, for tensors whose data follow in this order
 * without gaps. The order must be that of `encodeSafetensors`: largest elements first, then by name.
 */
export function encodeSafetensorsHeader(
  sorted: readonly Pick<TensorToWrite, 'name' | 'dtype' | 'shape'>[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  const text = encodeHeader(sorted, metadata);
  const head = new Uint8Array(LENGTH_BYTES + text.length);
  new DataView(head.buffer).setBigUint64(0, BigInt(text.length), true);
  head.set(text, LENGTH_BYTES);
  return head;
}

function encodeHeader(
  sorted: readonly Pick<TensorToWrite, 'name' | 'dtype' | 'shape'>[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const fields: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) fields.push(['__metadata__', metadata]);
  let at = 0;
  for (const { name, dtype, shape } of sorted) {
    const end = at + bytesOf(dtype, shape);
    fields.push([name, { dtype, shape, data_offsets: [at, end] }]);
    at = end;
  }
  // Written field by field: a JavaScript object would move names that look like numbers to the front.
  const body = fields.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',');
  const text = encodeUtf8(`{${body}}`);
  if (text.length > MAX_HEADER_BYTES) throw new InvariantError(`a header of ${text.length} bytes`);
  const padded = new Uint8Array(Math.ceil(text.length / 8) * 8).fill(0x20);
  padded.set(text);
  return padded;
}
