import { message } from '../../words/message.ts';
import { byteCursor } from '../byteCursor.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import type { StorageType } from './dtypes.ts';
import { readPickle } from './pickle/readPickle.ts';
import { isStructure, itemsOf, type PickleValue, type TorchStorage } from './pickle/values.ts';
import { createStorage, keyOf, storageTypeOf, wrongStorage } from './storage.ts';

const MAGIC = 0x1950_a86a_20f9_469c_fc6cn;
const PROTOCOL = 1001;

interface StoredBytes {
  readonly type: StorageType;
  /** Null until the pickle has been read: the bytes follow it. */
  bytes: Uint8Array<ArrayBuffer> | null;
}

/**
 * The value in a file of `torch.save` before PyTorch 1.6, or with `_use_new_zipfile_serialization=False`
 * (`torch/serialization.py`, `_legacy_load`): pickles of a magic number, of the protocol, of facts of the system, of
 * the value and of the storages' keys, then for each storage its number of elements as int64 and its elements,
 * little-endian.
 */
export function readTorchStream(bytes: Uint8Array<ArrayBuffer>): PickleValue {
  const cursor = byteCursor(bytes);
  if (readPickle(cursor) !== MAGIC) throw unsupportedFile(message('weightFiles.plainPickle'));
  const protocol = readPickle(cursor);
  if (protocol !== PROTOCOL) throw unsupportedFile(message('weightFiles.streamVersion'));
  readPickle(cursor);
  const stored = new Map<string, StoredBytes>();
  const value = readPickle(cursor, (id) => load(stored, id));
  for (const item of itemsOf(readPickle(cursor)) ?? []) {
    const storage = stored.get(keyOf(item));
    if (storage === undefined || storage.bytes !== null) throw wrongStorage();
    storage.bytes = cursor.take(cursor.size64() * storage.type.width);
  }
  return value;
}

/** A storage, or a class of a network, which comes with its source text. */
function load(stored: Map<string, StoredBytes>, id: PickleValue): PickleValue {
  const [tag, type, key, , count, view] = itemsOf(id) ?? [];
  if (tag === 'module' && isStructure(type) && type.kind === 'global') return type;
  if (tag !== 'storage') throw wrongStorage();
  const name = keyOf(key);
  const known = stored.get(name) ?? { type: storageTypeOf(type), bytes: null };
  stored.set(name, known);
  const whole = (): Uint8Array<ArrayBuffer> => {
    if (known.bytes === null) throw brokenFile(message('weightFiles.storageMissing', { name }));
    return known.bytes;
  };
  return viewOf(storageTypeOf(type), whole, count, itemsOf(view ?? null));
}

/** The storage, or a part of it: key, offset and number of elements. */
function viewOf(
  type: StorageType,
  whole: () => Uint8Array<ArrayBuffer>,
  count: PickleValue | undefined,
  view: readonly PickleValue[] | null,
): TorchStorage {
  if (view === null) return createStorage(type, count, whole);
  const [, offset, size] = view;
  if (typeof offset !== 'number' || typeof size !== 'number' || offset < 0 || size < 0) throw wrongStorage();
  return createStorage(type, size, () => whole().subarray(offset * type.width, (offset + size) * type.width));
}
