import { message } from '../../words/message.ts';
import { byteCursor, type ByteCursor } from '../byteCursor.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import type { StorageType } from './dtypes.ts';
import { readPickle } from './pickle/readPickle.ts';
import { isStructure, itemsOf, type PickleValue, type TorchTensor } from './pickle/values.ts';
import { createStorage, keyOf, storageTypeOf, wrongStorage } from './storage.ts';
import { readTar } from './tar.ts';

interface StoredBytes {
  readonly type: StorageType;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

const MOST_DIMS = 64;

/**
 * The value in a file of `torch.save` before PyTorch 0.1.10 (`torch/serialization.py`, `legacy_load`): a tar archive of
 * `sys_info`, `storages`, `tensors` and `pickle`. The last names the tensors and storages by their keys.
 */
export function readTorchTar(bytes: Uint8Array<ArrayBuffer>): PickleValue {
  const files = readTar(bytes);
  const open = (name: string): ByteCursor => {
    const content = files.get(name) ?? files.get(`./${name}`);
    if (content === undefined) throw unsupportedFile(message('weightFiles.notTorchTar'));
    return byteCursor(content);
  };
  const pickle = open('pickle');
  const known = new Map<string, PickleValue>();
  const storages = readStorages(open('storages'));
  for (const [key, { type, bytes: part }] of storages)
    known.set(
      key,
      createStorage(type, part.length / type.width, () => part),
    );
  for (const [key, tensor] of readTensors(open('tensors'), storages)) known.set(key, tensor);
  return readPickle(pickle, (id) => {
    // A class of a network comes with its source text.
    const [made] = itemsOf(id) ?? [];
    if (isStructure(made) && made.kind === 'global') return made;
    const found = known.get(keyOf(id));
    if (found === undefined) throw wrongStorage();
    return found;
  });
}

/**
 * Number of storages; for each its key, device and class, its number of elements as int64, its elements; then views.
 */
function readStorages(cursor: ByteCursor): Map<string, StoredBytes> {
  const storages = new Map<string, StoredBytes>();
  const count = readCount(cursor);
  for (let index = 0; index < count; index += 1) {
    const [key, , made] = itemsOf(readPickle(cursor)) ?? [];
    const type = storageTypeOf(made);
    storages.set(keyOf(key), { type, bytes: cursor.take(cursor.size64() * type.width) });
  }
  for (const view of itemsOf(readPickle(cursor)) ?? []) {
    const [key, root, offset, size] = itemsOf(view) ?? [];
    const whole = storages.get(keyOf(root));
    if (whole === undefined || typeof offset !== 'number' || typeof size !== 'number') throw wrongStorage();
    const { type, bytes } = whole;
    const part = bytes.subarray(offset * type.width, (offset + size) * type.width);
    if (offset < 0 || part.length !== size * type.width) throw wrongStorage();
    storages.set(keyOf(key), { type, bytes: part });
  }
  return storages;
}

/** Number of tensors; for each its key, storage and class, then int32 rank, 4 unused bytes, and int64 sizes. */
function readTensors(
  cursor: ByteCursor,
  storages: ReadonlyMap<string, StoredBytes>,
): Map<string, TorchTensor> {
  const tensors = new Map<string, TorchTensor>();
  const count = readCount(cursor);
  for (let index = 0; index < count; index += 1) {
    const [key, storageKey] = itemsOf(readPickle(cursor)) ?? [];
    const stored = storages.get(keyOf(storageKey));
    if (stored === undefined) throw wrongStorage();
    const rank = cursor.u32();
    if (rank > MOST_DIMS) throw brokenFile(message('weightFiles.tensorArguments'));
    cursor.take(4);
    const sizes = (): number[] => Array.from({ length: rank }, () => cursor.size64());
    const { type, bytes } = stored;
    tensors.set(keyOf(key), {
      kind: 'tensor',
      storage: createStorage(type, bytes.length / type.width, () => bytes),
      dtype: type.dtype,
      typeName: type.typeName,
      dims: sizes(),
      strides: sizes(),
      offset: cursor.size64(),
    });
  }
  return tensors;
}

function readCount(cursor: ByteCursor): number {
  const count = readPickle(cursor);
  if (typeof count !== 'number' || count < 0) throw wrongStorage();
  return count;
}
