import { message } from '../../words/message.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import { denseStrides, ELEMENT_BYTES, readElements } from '../elements.ts';
import type { ForeignDtype } from '../foreignModel.ts';
import type { FileTensor } from './fileModel.ts';
import { eachField } from './protobuf.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** The bytes of a file beside the model; null where there is none. */
export type ReadBeside = (name: string) => Bytes | null;

/** `TensorProto.DataType`; texts, complex numbers and types with less than 8 bits have no entry. */
const DTYPES: Readonly<Record<number, ForeignDtype>> = {
  ...{ 1: 'f32', 2: 'u8', 3: 'i8', 4: 'u16', 5: 'i16', 6: 'i32', 7: 'i64' },
  ...{ 9: 'bool', 10: 'f16', 11: 'f64', 12: 'u32', 13: 'u64', 16: 'bf16' },
};

/** What a `TensorProto` holds; exactly one of the lists has the elements. */
interface Held {
  name: string;
  dims: number[];
  dataType: number;
  raw: Bytes | null;
  /** Elements of `float_data`, `int32_data`, `int64_data`, `double_data` or `uint64_data`. */
  readonly listed: number[];
  isExternal: boolean;
  readonly external: Map<string, string>;
}

/** Decodes a `TensorProto`; its elements stay bytes until they are read. Throws a fault for impossible dims. */
export function decodeTensor(bytes: Bytes, beside: ReadBeside): FileTensor {
  const held = readHeld(bytes);
  const { name, dims } = held;
  const count = dims.reduce((product, dim) => product * dim, 1);
  if (dims.some((dim) => dim < 0 || !Number.isSafeInteger(dim)) || !Number.isSafeInteger(count * 8))
    throw brokenFile(message('onnxFiles.impossibleDims', { name, dims: dims.join(' × ') }));
  const dtype = DTYPES[held.dataType];
  /** The type and the bytes of the elements; null where they are listed. */
  const located = (): { readonly type: ForeignDtype; readonly bytes: Bytes | null } => {
    if (dtype === undefined)
      throw unsupportedFile(message('onnxFiles.dataType', { name, type: held.dataType }));
    if (held.raw !== null || held.isExternal)
      return { type: dtype, bytes: wholeBytes(held, count * ELEMENT_BYTES[dtype], beside) };
    const found = held.listed.length;
    if (found !== count) throw brokenFile(message('onnxFiles.wrongCount', { name, found, wanted: count }));
    return { type: dtype, bytes: null };
  };
  const read = (): Float32Array<ArrayBuffer> => {
    const { type, bytes } = located();
    if (bytes === null) return listedElements(held.listed, type);
    return readElements(bytes, type, { dims, strides: denseStrides(dims), offset: 0 });
  };
  return {
    name,
    dims,
    dtype: dtype ?? 'u8',
    check: () => void located(),
    read,
    numbers: (limit) => (count > limit ? null : Array.from(read())),
  };
}

/**
 * 1 dims, 2 data_type, 4 float_data, 5 int32_data, 7 int64_data, 8 name, 9 raw_data, 10 double_data, 11 uint64_data, 13
 * external_data, 14 data_location.
 */
function readHeld(bytes: Bytes): Held {
  const held: Held = {
    ...{ name: '', dims: [], dataType: 0, raw: null, listed: [] },
    ...{ isExternal: false, external: new Map() },
  };
  const list = (values: readonly number[]): void => {
    for (const value of values) held.listed.push(value);
  };
  eachField(bytes, {
    1: (field) => {
      for (const dim of field.ints()) held.dims.push(dim);
    },
    2: (field) => (held.dataType = field.int()),
    4: (field) => list(field.floats()),
    5: (field) => list(field.ints()),
    7: (field) => list(field.ints()),
    8: (field) => (held.name = field.text()),
    9: (field) => (held.raw = field.bytes()),
    10: (field) => list(field.doubles()),
    11: (field) => list(field.ints()),
    13: (field) => readExternal(field.bytes(), held.external),
    14: (field) => (held.isExternal = field.int() === 1),
  });
  return held;
}

function readExternal(bytes: Bytes, into: Map<string, string>): void {
  let key = '';
  let value = '';
  eachField(bytes, { 1: (field) => (key = field.text()), 2: (field) => (value = field.text()) });
  into.set(key, value);
}

/** `int32_data` holds float16 and bfloat16 elements as their 16 bits. */
function listedElements(listed: readonly number[], dtype: ForeignDtype): Float32Array<ArrayBuffer> {
  if (dtype !== 'f16' && dtype !== 'bf16') return Float32Array.from(listed);
  const bytes = new Uint8Array(Uint16Array.from(listed).buffer);
  return readElements(bytes, dtype, { dims: [listed.length], strides: [1], offset: 0 });
}

function wholeBytes(held: Held, wanted: number, beside: ReadBeside): Bytes {
  const { name } = held;
  if (held.raw !== null && !held.isExternal) {
    if (held.raw.length === wanted) return held.raw;
    throw brokenFile(message('onnxFiles.wrongBytes', { name, found: held.raw.length, wanted }));
  }
  const location = held.external.get('location') ?? '';
  const bytes = beside(location);
  if (bytes === null) throw brokenFile(message('onnxFiles.noFileBeside', { name, location }));
  const offset = Number(held.external.get('offset') ?? 0);
  const length = Number(held.external.get('length') ?? wanted);
  const isInside = Number.isSafeInteger(offset) && offset >= 0 && offset + wanted <= bytes.length;
  if (!isInside || length !== wanted)
    throw brokenFile(
      message('onnxFiles.beyondFile', { name, location, offset, length, bytes: bytes.length }),
    );
  return bytes.subarray(offset, offset + wanted);
}
