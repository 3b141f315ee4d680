import type { ForeignDtype } from '../foreignModel.ts';

/** The element type of each `torch.dtype` that is read, by its names. */
const OF_DTYPE: ReadonlyMap<string, ForeignDtype> = new Map([
  ['torch.float64', 'f64'],
  ['torch.double', 'f64'],
  ['torch.float32', 'f32'],
  ['torch.float', 'f32'],
  ['torch.float16', 'f16'],
  ['torch.half', 'f16'],
  ['torch.bfloat16', 'bf16'],
  ['torch.int64', 'i64'],
  ['torch.long', 'i64'],
  ['torch.int32', 'i32'],
  ['torch.int', 'i32'],
  ['torch.int16', 'i16'],
  ['torch.short', 'i16'],
  ['torch.int8', 'i8'],
  ['torch.uint64', 'u64'],
  ['torch.uint32', 'u32'],
  ['torch.uint16', 'u16'],
  ['torch.uint8', 'u8'],
  ['torch.bool', 'bool'],
]);

export interface StorageType {
  /** The class without its module: `FloatStorage`. */
  readonly typeName: string;
  /** Null where the tensors say the type, and for types that are not read. */
  readonly dtype: ForeignDtype | null;
  /** Bytes per element. */
  readonly width: number;
}

/** The storage classes of PyTorch. Those without an element type are complex, quantized or of bytes. */
const STORAGES: ReadonlyMap<string, readonly [dtype: ForeignDtype | null, width: number]> = new Map([
  ['DoubleStorage', ['f64', 8]],
  ['FloatStorage', ['f32', 4]],
  ['HalfStorage', ['f16', 2]],
  ['BFloat16Storage', ['bf16', 2]],
  ['LongStorage', ['i64', 8]],
  ['IntStorage', ['i32', 4]],
  ['ShortStorage', ['i16', 2]],
  ['CharStorage', ['i8', 1]],
  ['ByteStorage', ['u8', 1]],
  ['BoolStorage', ['bool', 1]],
  ['UntypedStorage', [null, 1]],
  ['_UntypedStorage', [null, 1]],
  ['ComplexDoubleStorage', [null, 16]],
  ['ComplexFloatStorage', [null, 8]],
  ['QInt32Storage', [null, 4]],
  ['QInt8Storage', [null, 1]],
  ['QUInt8Storage', [null, 1]],
  ['QUInt4x2Storage', [null, 1]],
  ['QUInt2x4Storage', [null, 1]],
] as const);

/** Null for types that are not read, such as `torch.float8_e4m3fn`. */
export function dtypeOfTorch(name: string): ForeignDtype | null {
  return OF_DTYPE.get(name) ?? null;
}

/** The storage class with this name, on any device: `torch.FloatStorage`, `torch.cuda.FloatStorage`. */
export function storageType(name: string): StorageType | null {
  const typeName = /^torch\.(?:cuda\.|storage\.)?(\w*Storage)$/u.exec(name)?.[1] ?? '';
  const found = STORAGES.get(typeName);
  return found === undefined ? null : { typeName, dtype: found[0], width: found[1] };
}
