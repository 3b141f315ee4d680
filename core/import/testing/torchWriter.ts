import { ascii, bytesOf, concat, little } from './bytes.ts';
import { call, dict, global, persistent, pickle, tuple, type Picklable, type Raw } from './pickleWriter.ts';
import { writeZip } from './zipWriter.ts';

/** Numbers that tensors are views of. */
export interface StorageToWrite {
  readonly key: string;
  /** Such as `FloatStorage`. */
  readonly type: string;
  readonly numbers: ArrayBufferView<ArrayBuffer>;
  readonly count: number;
}

export function floats(key: string, values: readonly number[]): StorageToWrite {
  return { key, type: 'FloatStorage', numbers: Float32Array.from(values), count: values.length };
}

/** A tensor, as `torch.save` describes it; the strides are those of C order by default. */
export function tensor(
  storage: StorageToWrite,
  dims: readonly Picklable[],
  view: {
    readonly strides?: readonly Picklable[];
    readonly offset?: Picklable;
    readonly isOld?: boolean;
  } = {},
): Raw {
  const { key, type, count } = storage;
  const id = ['storage', global('torch', type), key, 'cpu', count] as const;
  const place = persistent(view.isOld === true ? tuple(...id, null) : tuple(...id));
  const dense = dims.map((_, at) => dims.slice(at + 1).reduce<number>((all, dim) => all * Number(dim), 1));
  const hooks = call('collections', 'OrderedDict');
  const shape = [tuple(...dims), tuple(...(view.strides ?? dense)), false, hooks] as const;
  return call('torch._utils', '_rebuild_tensor_v2', place, view.offset ?? 0, ...shape);
}

/** A file of `torch.save` since PyTorch 1.6. */
export function torchZip(
  value: Picklable,
  storages: readonly StorageToWrite[],
  byteOrder = 'little',
): Uint8Array<ArrayBuffer> {
  return writeZip(
    [
      { name: 'archive/data.pkl', bytes: pickle(value) },
      { name: 'archive/byteorder', bytes: ascii(byteOrder) },
      ...storages.map(({ key, numbers }) => ({ name: `archive/data/${key}`, bytes: bytesOf(numbers) })),
      { name: 'archive/version', bytes: ascii('3\n') },
    ],
    { descriptors: true },
  );
}

const MAGIC = 0x1950_a86a_20f9_469c_fc6cn;

/** A file of `torch.save` before PyTorch 1.6; its tensors are `isOld`. */
export function torchStream(value: Picklable, storages: readonly StorageToWrite[]): Uint8Array<ArrayBuffer> {
  const info = dict({ protocol_version: 1001, little_endian: true });
  return concat([
    ...[pickle(MAGIC), pickle(1001), pickle(info), pickle(value), pickle(storages.map(({ key }) => key))],
    ...storages.flatMap(({ numbers, count }) => [little(count, 8), bytesOf(numbers)]),
  ]);
}

/** A tensor of the oldest format, which names it by a number. */
export interface OldTensor {
  readonly key: number;
  readonly storage: StorageToWrite;
  readonly dims: readonly number[];
  readonly strides: readonly number[];
  readonly offset: number;
}

/** A file of `torch.save` before PyTorch 0.1.10; in `value`, `persistent(key)` stands for a tensor. */
export function torchTar(
  value: Picklable,
  storages: readonly StorageToWrite[],
  tensors: readonly OldTensor[],
): Uint8Array<ArrayBuffer> {
  const long = (number: number): Uint8Array => little(number, 8);
  const storagePart = storages.flatMap(({ key, type, numbers, count }) => [
    pickle(tuple(Number(key), 'cpu', global('torch', type))),
    ...[long(count), bytesOf(numbers)],
  ]);
  const tensorPart = tensors.flatMap(({ key, storage, dims, strides, offset }) => [
    pickle(tuple(key, Number(storage.key), global('torch', 'FloatTensor'))),
    ...[long(dims.length), ...dims.map(long), ...strides.map(long), long(offset)],
  ]);
  const files = {
    sys_info: pickle(dict({ protocol_version: 1000 })),
    pickle: pickle(value),
    tensors: concat([pickle(tensors.length), ...tensorPart]),
    storages: concat([pickle(storages.length), ...storagePart, pickle([])]),
  };
  return concat([
    ...Object.entries(files).map(([name, bytes]) => tarEntry(name, bytes)),
    new Uint8Array(1024),
  ]);
}

/** A POSIX tar header and the file, filled up to a multiple of 512 bytes. */
function tarEntry(name: string, bytes: Uint8Array): Uint8Array {
  const header = new Uint8Array(512);
  header.set(ascii(name));
  header.set(ascii('0000644\0'), 100);
  header.set(ascii(`${bytes.length.toString(8).padStart(11, '0')}\0`), 124);
  header.set(ascii('00000000000\0        0'), 136);
  header.set(ascii('ustar\x0000'), 257);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.set(ascii(`${sum.toString(8).padStart(6, '0')}\0 `), 148);
  return concat([header, bytes, new Uint8Array((512 - (bytes.length % 512)) % 512)]);
}
