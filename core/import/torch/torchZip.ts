import { message } from '../../words/message.ts';
import { byteCursor } from '../byteCursor.ts';
import { brokenFile, unsupportedFile } from '../fileFault.ts';
import { openZip, type ZipArchive } from '../zip.ts';
import { readPickle } from './pickle/readPickle.ts';
import { itemsOf, type PickleValue, type TorchStorage } from './pickle/values.ts';
import { createStorage, keyOf, storageTypeOf, wrongStorage } from './storage.ts';

const PICKLE = 'data.pkl';

/**
 * The value in a file of `torch.save` since PyTorch 1.6 (caffe2/serialize/inline_container.h): a zip archive with
 * `NAME/data.pkl`, one stored entry `NAME/data/KEY` for each storage, and `NAME/byteorder` since 2.1. Files of
 * `torch.jit.save` have the same entries.
 */
export function readTorchZip(bytes: Uint8Array<ArrayBuffer>): PickleValue {
  // torch.serialization.set_crc32_options(False)
  const zip = openZip(bytes, { zeroMeansNoCrc: true });
  const pickles = zip.entries.filter(({ name }) => name === PICKLE || name.endsWith(`/${PICKLE}`));
  const [pickle, ...more] = pickles;
  if (pickle === undefined || more.length > 0) throw unsupportedFile(message('weightFiles.notTorchZip'));
  const folder = pickle.name.slice(0, -PICKLE.length);
  const littleEndian = isLittleEndian(zip.read(`${folder}byteorder`));
  const storages = new Map<string, TorchStorage>();
  const persistentLoad = (id: PickleValue): PickleValue => {
    const [tag, type, key, , count] = itemsOf(id) ?? [];
    if (tag !== 'storage') throw wrongStorage();
    const { typeName } = storageTypeOf(type);
    // Tensors that share a storage name it again.
    const place = JSON.stringify([typeName, keyOf(key), keyOf(count)]);
    const known = storages.get(place);
    if (known !== undefined) return known;
    const load = (): Uint8Array<ArrayBuffer> => readStorage(zip, `${folder}data/${keyOf(key)}`);
    const storage = createStorage(storageTypeOf(type), count, load, littleEndian);
    storages.set(place, storage);
    return storage;
  };
  return readPickle(byteCursor(zip.read(pickle.name) ?? new Uint8Array()), persistentLoad);
}

function readStorage(zip: ZipArchive, name: string): Uint8Array<ArrayBuffer> {
  const bytes = zip.read(name);
  if (bytes === null) throw brokenFile(message('weightFiles.storageMissing', { name }));
  return bytes;
}

function isLittleEndian(byteOrder: Uint8Array | null): boolean {
  const text = byteOrder === null ? 'little' : String.fromCharCode(...byteOrder.subarray(0, 16));
  if (text !== 'little' && text !== 'big') throw brokenFile(message('weightFiles.byteOrder'));
  return text === 'little';
}
