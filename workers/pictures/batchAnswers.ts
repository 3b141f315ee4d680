import { AppError } from '#core/diagnostics/appError.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import { message } from '#core/words/message.ts';
import type { RunPart } from '../runs/data/runData.ts';
import { createPace } from '../threads/pace.ts';
import type { TaskContext } from '../threads/progress.ts';
import { drawCompanions } from './drawCompanions.ts';
import { decidedBy, type Answer, type TriedNetwork } from './triedNetwork.ts';

/** The batches in which a picture is classified. */
export interface BatchesAsked {
  readonly statistics: 'kind' | 'random';
  /** Number of other images in a batch. */
  readonly companions: number;
  /** Number of batches of random images. */
  readonly batches: number;
}

export interface Answers {
  /** One for each batch. */
  readonly answers: readonly Answer[];
  /** Number of other images in each batch; 0 where the answer does not depend on them. */
  readonly companions: number;
}

/** A picture, its number for random draws, and the answer of the stored statistics. */
export interface PlainPicture {
  readonly pixels: Uint8Array;
  readonly key: number;
  readonly stored: Answer;
  readonly statistics: FloatArray;
}

/**
 * Classifies a picture in batches with training images, as training would: the picture first, then the companions. An
 * image with the same pixels is not its companion. Throws `AppError`: 'folder-no-images' where there is no companion,
 * 'interrupted'.
 */
export async function answerInBatches(
  network: TriedNetwork,
  picture: PlainPicture,
  images: RunPart,
  { statistics, companions, batches }: BatchesAsked,
  { signal, onProgress }: TaskContext,
): Promise<Answers> {
  const decided = decidedBy(picture.stored);
  const among = candidates(images, statistics === 'kind' ? decided : null);
  const total = statistics === 'kind' ? 1 : batches;
  const pace = createPace(signal, undefined, message('pictures.stopped'));
  const answers: Answer[] = [];
  let most = 0;
  for (let batch = 0; batch < total; batch += 1) {
    onProgress(message('work.batches'), batch, total);
    await pace.settle();
    const purpose = statistics === 'kind' ? 'companions of a kind' : `companions:${batch}`;
    // One more than needed, since one of them may be the picture itself.
    const drawn = drawCompanions(among, companions + 1, { key: picture.key, purpose });
    const { images: pixels } = await images.read(drawn);
    const { bytes, count } = batchOf(picture.pixels, pixels, companions);
    if (count < 2) throw noCompanions(network, statistics === 'kind' ? decided : null);
    answers.push(network.answerInBatch(bytes, count, picture.statistics));
    most = Math.max(most, count - 1);
  }
  onProgress(message('work.batches'), total, total);
  return { answers, companions: most };
}

/** Numbers of the samples of a class, or of all. */
function candidates({ labels }: RunPart, wanted: number | null): Uint32Array {
  const all = Uint32Array.from(labels.keys());
  return wanted === null ? all : all.filter((sample) => labels[sample] === wanted);
}

/** The picture and up to `most` of the companions that differ from it, one after the other. */
function batchOf(
  picture: Uint8Array,
  companions: Uint8Array,
  most: number,
): { readonly bytes: Uint8Array; readonly count: number } {
  const size = picture.length;
  const bytes = new Uint8Array(size * (most + 1));
  bytes.set(picture);
  let count = 1;
  for (let at = 0; at < companions.length && count <= most; at += size) {
    const companion = companions.subarray(at, at + size);
    if (Buffer.compare(companion, picture) === 0) continue;
    bytes.set(companion, count * size);
    count += 1;
  }
  return { bytes: bytes.subarray(0, count * size), count };
}

function noCompanions({ model }: TriedNetwork, kind: number | null): AppError {
  if (kind === null) return new AppError('folder-no-images', message('pictures.noCompanions'));
  const name = model.classNames[kind] ?? '';
  return new AppError('folder-no-images', message('pictures.noneOfKind', { name }), { where: name });
}
