import { brokenFile, namingFile, unsupportedFile } from '#core/import/fileFault.ts';
import type { ForeignWeights, ModelFile } from '#core/import/foreignModel.ts';
import { textOf, type H5Group } from '#core/import/keras/h5Group.ts';
import { ownPreparation } from '#core/import/keras/ownPreparation.ts';
import { readKerasModel, type KerasNetwork } from '#core/import/keras/readKerasModel.ts';
import { kerasWeightFile } from '#core/import/keras/kerasWeightFile.ts';
import { isObject } from '#core/import/keras/settings.ts';
import { openZip, type ZipArchive } from '#core/import/zip.ts';
import { message, type Message } from '#core/words/message.ts';
import { readHdf5 } from './hdf5/readHdf5.ts';

/** Bytes of a model's description; those of the largest models of Keras have a few MB. */
const MOST_CONFIG = 64 * 2 ** 20;

/**
 * Reads a file of Keras: `.keras` and an old `.h5` with an architecture as a network, `.weights.h5` and other HDF5
 * files as weights. Tensors are decoded when they are read. Throws `AppError('model-invalid')` for a broken file and
 * `AppError('model-unsupported')` for what has no block.
 */
export async function readKerasFile(file: ModelFile): Promise<KerasNetwork | ForeignWeights> {
  const { name, bytes } = file;
  return isZip(bytes) ? readArchive(name, bytes) : readH5(name, bytes);
}

function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b;
}

async function readArchive(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<KerasNetwork> {
  const { config, weights, version, own } = namingFile(name, () => {
    const zip = openZip(bytes);
    const metadata = jsonOf(zip, 'metadata.json');
    const stored = isObject(metadata) ? metadata['keras_version'] : undefined;
    return {
      config: jsonOf(zip, 'config.json') ?? fault('kerasFiles.noConfig'),
      weights: zip.read('model.weights.h5') ?? fault('kerasFiles.noWeights'),
      version: typeof stored === 'string' ? stored : null,
      own: ownPreparation(metadata),
    };
  });
  return readKerasModel({ config, weights: await readHdf5(weights, name), version, own }, name);
}

async function readH5(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<KerasNetwork | ForeignWeights> {
  const root = await readHdf5(bytes, name);
  const text = textOf(root, 'model_config');
  if (text === null) return namingFile(name, () => kerasWeightFile(root));
  const config = namingFile(name, () => parse(text));
  return readKerasModel({ config, weights: root, version: versionOf(root) }, name);
}

function versionOf(root: H5Group): string | null {
  const weights = root.groups.get('model_weights');
  return textOf(root, 'keras_version') ?? (weights ? textOf(weights, 'keras_version') : null);
}

/** The parsed content of an entry; null where there is none. */
function jsonOf(zip: ZipArchive, entry: string): unknown {
  const content = zip.read(entry);
  if (content === null) return null;
  if (content.length > MOST_CONFIG) throw brokenFile(message('kerasFiles.notJson'));
  return parse(new TextDecoder().decode(content));
}

function parse(text: string): unknown {
  if (text.length > MOST_CONFIG) throw brokenFile(message('kerasFiles.notJson'));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw brokenFile(message('kerasFiles.notJson'), cause);
  }
}

function fault(key: 'kerasFiles.noConfig' | 'kerasFiles.noWeights'): never {
  const what: Message = message(key);
  throw unsupportedFile(what);
}
