import type { WeightTensor } from '../frozenWeights.ts';
import { encodeUtf8 } from '../utf8.ts';
import { call, encodePickle, FALSE, globalName, integer, persistent } from './pickleWriter.ts';
import { text, tuple, withItems, type Opcodes } from './pickleWriter.ts';
import { encodeStoredZip, requireZipSize } from '../storedZip.ts';

/** The typed storages of PyTorch for the element types of a state dict. */
const STORAGES = { F32: 'FloatStorage', I64: 'LongStorage' } as const;
/** Version 3 of the format; a reader refuses a newer one that it does not know. */
const FORMAT_VERSION = '3\n';

/**
 * A state dict as `torch.save` writes it since PyTorch 1.6: an uncompressed zip archive with the pickle of an
 * `OrderedDict` of tensors, and one entry for the storage of each. `torch.load(weights_only=True)` reads it. The source
 * is torch/serialization.py and caffe2/serialize/inline_container.cc. Throws `AppError('arguments')` from 4 GiB on.
 */
export function encodeStateDict(tensors: readonly WeightTensor[]): Uint8Array<ArrayBuffer> {
  const bytes = tensors.reduce((sum, { data }) => sum + data.byteLength, 0);
  // A header and its padding take less than 1 KiB.
  requireZipSize(bytes + 1024 * (tensors.length + 4));
  const entries = tensors.map(({ name, shape, data, dtype }, index) => {
    const storage = storageOf(STORAGES[dtype], String(index), data.length);
    return [text(name), tensorOf(storage, shape)] as const;
  });
  return encodeStoredZip([
    { name: 'archive/data.pkl', bytes: encodePickle(withItems(orderedDict(), entries)) },
    { name: 'archive/byteorder', bytes: encodeUtf8('little') },
    ...tensors.map(({ data }, index) => ({
      name: `archive/data/${String(index)}`,
      bytes: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    })),
    { name: 'archive/version', bytes: encodeUtf8(FORMAT_VERSION) },
  ]);
}

function orderedDict(): Opcodes {
  return call(globalName('collections', 'OrderedDict'));
}

function storageOf(type: string, key: string, elements: number): Opcodes {
  return persistent(
    tuple(text('storage'), globalName('torch', type), text(key), text('cpu'), integer(elements)),
  );
}

/** A tensor in C order from the first element of its storage on. */
function tensorOf(storage: Opcodes, shape: readonly number[]): Opcodes {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, dim) => product * dim, 1));
  return call(
    globalName('torch._utils', '_rebuild_tensor_v2'),
    ...[storage, integer(0), tuple(...shape.map(integer)), tuple(...strides.map(integer))],
    ...[FALSE, orderedDict()],
  );
}
