import type { PreparedProgram, Session } from '#core/backend/backend.ts';
import { estimateMemory } from '#core/compile/memoryEstimate.ts';
import type { Program } from '#core/program/program.ts';
import type { BatchSource } from '#core/training/batchSource.ts';
import { IDLE_SCALARS, padBatch } from '#core/training/evaluate.ts';
import { message, type Message } from '#core/words/message.ts';
import { createPace } from '../threads/pace.ts';
import type { OnProgress } from '../threads/progress.ts';
import type { ComputeAll } from './featureStore.ts';

/** A batch should take less than a tenth of a second on two cores, so that a stop is heard in time. */
const FLOPS_OF_BATCH = 4e9;
const BYTES_OF_BATCH = 64 * 2 ** 20;
/** A larger batch is not faster: the activations of a few images stay in the cache. */
const LARGEST_BATCH = 8;

/** The batch size for computing features, whose prefix has `flops` for each image. */
export function featureBatch(program: Program, flops: number, images: number): number {
  const bytes = estimateMemory(program, 1).activationBytes;
  const most = Math.min(LARGEST_BATCH, images, FLOPS_OF_BATCH / flops, BYTES_OF_BATCH / bytes);
  return Math.max(1, Math.floor(most));
}

interface Computation {
  /** The program of the prefix, prepared. */
  readonly prepared: PreparedProgram;
  readonly source: BatchSource;
  /** The augmentation of this epoch; undefined: images without augmentation. */
  readonly epoch: number | undefined;
  readonly label: Message;
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Returns the function that computes the features of all samples of a source, in order. */
export function featuresOf({ prepared, source, epoch, label, ...work }: Computation): ComputeAll {
  return async (each) => {
    const pace = createPace(work.signal, undefined, message('features.stopped'));
    const { size } = source;
    const { batch, logits } = prepared;
    work.onProgress(label, 0, size);
    for (let first = 0; first < size; first += batch) {
      await pace.tick(first, size);
      const images = await source.read(range(first, Math.min(size, first + batch)), epoch);
      if (first + batch < size)
        source.prefetch(range(first + batch, Math.min(size, first + 2 * batch)), epoch);
      prepared.run(padBatch(images, batch), IDLE_SCALARS);
      await each(first, logits.subarray(0, (logits.length / batch) * images.count));
      work.onProgress(label, first + images.count, size);
    }
    await pace.settle();
  };
}

/** How much features depend on the batch in which they are computed. */
export interface FeatureDifference {
  readonly images: number;
  /** Largest absolute difference of two values, and the same as a share of the largest value. */
  readonly largest: number;
  readonly relative: number;
}

interface Comparison {
  readonly session: Session;
  /** The program of the prefix. */
  readonly program: Program;
  readonly images: BatchSource;
  /** Features of `images`. */
  readonly kept: BatchSource;
  /** See `Computation`. */
  readonly epoch: number | undefined;
}

/** Computes the features of a few samples in a batch of another size, and compares them with the kept ones. */
export async function compareFeatures(comparison: Comparison): Promise<FeatureDifference> {
  const { session, program, images, kept, epoch } = comparison;
  const count = Math.min(3, images.size);
  // From the end of the set: other neighbours in the batch, too.
  const indices = Uint32Array.from({ length: count }, (_, at) => images.size - 1 - at);
  const stored = Float64Array.from((await kept.read(indices, epoch)).images);
  const prepared = session.prepare(program, count);
  try {
    prepared.run(padBatch(await images.read(indices, epoch), count), IDLE_SCALARS);
    let largest = 0;
    let scale = 0;
    for (const [at, value] of prepared.logits.entries()) {
      const old = stored[at] ?? NaN;
      if (!Object.is(old, value)) largest = Math.max(largest, Math.abs(value - old));
      scale = Math.max(scale, Math.abs(value));
    }
    return { images: count, largest, relative: scale === 0 ? 0 : largest / scale };
  } finally {
    prepared.release();
  }
}

function range(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to - from }, (_, index) => from + index);
}
