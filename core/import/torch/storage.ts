import { message } from '../../words/message.ts';
import { brokenFile } from '../fileFault.ts';
import { storageType, type StorageType } from './dtypes.ts';
import { isStructure, type PickleValue, type TorchStorage } from './pickle/values.ts';

/** The storage class that a persistent id names. Throws a fault for another value. */
export function storageTypeOf(value: PickleValue | undefined): StorageType {
  const type = isStructure(value) && value.kind === 'global' ? storageType(value.name) : null;
  if (type === null) throw wrongStorage();
  return type;
}

/** A storage of `count` elements, whose bytes `load` finds when a tensor first needs them. */
export function createStorage(
  type: StorageType,
  count: PickleValue | undefined,
  load: () => Uint8Array<ArrayBuffer>,
  littleEndian = true,
): TorchStorage {
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) throw wrongStorage();
  let found: Uint8Array<ArrayBuffer> | null = null;
  return {
    kind: 'storage',
    dtype: type.dtype,
    typeName: type.typeName,
    littleEndian,
    bytes: () => {
      if (found !== null) return found;
      const bytes = load();
      if (bytes.length !== count * type.width)
        throw brokenFile(
          message('weightFiles.storageBytes', { wanted: count * type.width, found: bytes.length }),
        );
      found = bytes;
      return bytes;
    },
  };
}

const MOST_KEY = 200;

/** The key of a storage or a tensor: a number or its text. */
export function keyOf(value: PickleValue | undefined): string {
  if (typeof value === 'string' && value.length <= MOST_KEY) return value;
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  throw wrongStorage();
}

export function wrongStorage(): Error {
  return brokenFile(message('weightFiles.storageWrong'));
}
