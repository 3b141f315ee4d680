import { message, type Message } from '../../words/message.ts';
import { brokenFile, namingFile } from '../fileFault.ts';
import type { ForeignTensor, ForeignWeights, ModelFile } from '../foreignModel.ts';
import { withoutPrefixes } from '../prefixes.ts';
import { checkTensorNames, shardsOf, type Shard } from '../shards.ts';
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
 * `.ckpt`); or in all files of a model in several, of which `file` is the index or one. Nothing of a file is executed.
 * `part` chooses one of several state dicts of a checkpoint, such as `model`; by default averaged weights (`ema`) come
 * first. Throws `AppError('model-invalid')` and `AppError('model-unsupported')`, and `AppError('arguments')` for a part
 * that is not there.
 */
export function readTorchFile(file: ModelFile, options: { readonly part?: string } = {}): ForeignWeights {
  return namingFile(file.name, () => {
    const shards = shardsOf(file, '.bin');
    const contents = shards.map((shard) => namingFile(shard.name, () => readShard(shard, options.part)));
    const [first] = contents;
    const tensors = contents.flatMap((content) => content.tensors);
    const short = withoutPrefixes(tensors.map(({ name }) => name));
    const found = tensors.map((tensor, index) => ({ ...tensor, name: short.names[index] ?? tensor.name }));
    checkTensorNames(found);
    const parts = shards.length > 1 ? [message('weightFiles.shardsRead', { count: shards.length })] : [];
    return {
      kind: 'weights',
      format: 'pytorch',
      tensors: found,
      metadata: first?.metadata ?? {},
      classNames: first?.classNames ?? null,
      notes: [...parts, ...(first?.notes ?? []), ...short.notes, ...contents.flatMap(({ after }) => after)],
    };
  });
}

/** What one file holds; all files of a model but the first have tensors only. */
interface ShardContent {
  readonly tensors: readonly ForeignTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly classNames: readonly string[] | null;
  readonly notes: readonly Message[];
  /** Notes that come after those about names. */
  readonly after: readonly Message[];
}

function readShard({ name, bytes }: Shard, part: string | undefined): ShardContent {
  const root = readValue(bytes);
  const { tensors, way, notes } = findStateDict(root, name, part);
  const found = tensors.map((each) => foreignTensor(each.name, each.tensor));
  checkElements(found, bytes.length);
  return {
    ...{ tensors: found, metadata: plainFacts(root), classNames: classNamesIn(way) },
    ...{ notes, after: leftOut(root) },
  };
}

function readValue(bytes: Uint8Array<ArrayBuffer>): PickleValue {
  if (looksLikeZip(bytes)) return readTorchZip(bytes);
  return looksLikeTar(bytes) ? readTorchTar(bytes) : readTorchStream(bytes);
}

function checkElements(tensors: readonly ForeignTensor[], fileBytes: number): void {
  let elements = 0;
  for (const { dims } of tensors) elements += dims.reduce((product, dim) => product * dim, 1);
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
