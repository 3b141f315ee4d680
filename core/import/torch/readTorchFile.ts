import { message, type Message } from '../../words/message.ts';
import { brokenFile, namingFile } from '../fileFault.ts';
import type { ForeignTensor, ForeignWeights, ModelFile } from '../foreignModel.ts';
import { withoutPrefixes } from '../prefixes.ts';
import { looksLikeZip } from '../signatures.ts';
import { childrenOf, isModule } from './children.ts';
import { classNamesIn, plainFacts } from './facts.ts';
import { findStateDict } from './findStateDict.ts';
import { foreignTensor } from './foreignTensor.ts';
import { isStructure, type PickleValue } from './pickle/values.ts';
import { looksLikeTar } from './tar.ts';
import { readTorchStream } from './torchStream.ts';
import { readTorchTar } from './torchTar.ts';
import { readTorchZip } from './torchZip.ts';

/** Views of shared storages may have this many elements for each byte of the file together. */
const MOST_SHARED = 16;
const FREE_ELEMENTS = 2 ** 24;
const MOST_NAMES = 5;
const MOST_TEXT = 100;

/**
 * Reads the weights in a file of PyTorch: a zip archive, a legacy stream or a tar archive (`.pt`, `.pth`, `.bin`,
 * `.ckpt`). Nothing of the file is executed. `part` chooses one of several state dicts of a checkpoint, such as
 * `model`; by default averaged weights (`ema`) come first. Throws `AppError('model-invalid')` and
 * `AppError('model-unsupported')`, and `AppError('arguments')` for a part that is not there.
 */
export function readTorchFile(file: ModelFile, options: { readonly part?: string } = {}): ForeignWeights {
  return namingFile(file.name, () => {
    const root = readValue(file.bytes);
    const { tensors, way, notes } = findStateDict(root, file.name, options.part);
    const short = withoutPrefixes(tensors.map(({ name }) => name));
    const found = tensors.map(({ tensor }, index) => foreignTensor(short.names[index] ?? '', tensor));
    checkTensors(found, file.bytes.length);
    return {
      kind: 'weights',
      format: 'pytorch',
      tensors: found,
      metadata: plainFacts(root),
      classNames: classNamesIn(way),
      notes: [...notes, ...short.notes, ...leftOut(root)],
    };
  });
}

function readValue(bytes: Uint8Array<ArrayBuffer>): PickleValue {
  if (looksLikeZip(bytes)) return readTorchZip(bytes);
  return looksLikeTar(bytes) ? readTorchTar(bytes) : readTorchStream(bytes);
}

function checkTensors(tensors: readonly ForeignTensor[], fileBytes: number): void {
  const names = new Set<string>();
  let elements = 0;
  for (const { name, dims } of tensors) {
    if (names.has(name)) throw brokenFile(message('weightFiles.tensorTwice', { name }));
    names.add(name);
    elements += dims.reduce((product, dim) => product * dim, 1);
  }
  if (elements > FREE_ELEMENTS + MOST_SHARED * fileBytes) throw brokenFile(message('weightFiles.tangled'));
}

/** Entries of the checkpoint that are objects of unknown classes: they are not built. */
function leftOut(root: PickleValue): readonly Message[] {
  if (isModule(root)) return [];
  const objects = (childrenOf(root) ?? []).filter(
    ([, value]) =>
      isStructure(value) && value.kind === 'object' && value.entries === null && !isModule(value),
  );
  if (objects.length === 0) return [];
  const names = objects.slice(0, MOST_NAMES).map(([name]) => name.slice(0, MOST_TEXT));
  return [message('weightFiles.notBuilt', { names })];
}
