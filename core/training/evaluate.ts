import type { PreparedProgram } from '../backend/backend.ts';
import type { FloatArray } from '../program/floatArray.ts';
import type { BatchSource, ImageBatch } from './batchSource.ts';
import { addBatch, NO_TOTALS, type Totals } from './metrics.ts';

export interface EvaluationOptions {
  /** An 'evaluate' or 'calibrate' program, prepared for the largest batch. */
  readonly prepared: PreparedProgram;
  readonly source: BatchSource;
  /**
   * Called before each batch; returning true cancels the evaluation, which then returns null. Batches of a data set in
   * memory do not yield to the event loop, so the caller handles its messages here.
   */
  readonly between: () => Promise<boolean>;
  /** Called after each batch: logits `[count, logitCount]` and labels `[count]`, valid until the callback returns. */
  readonly onBatch?: (logits: FloatArray, labels: Int32Array, done: number) => void;
}

/** Placeholders: learning rate and step have no effect outside training. */
export const IDLE_SCALARS = { learningRate: 0, step: 1, randomKey: 0 };

/**
 * Evaluates all samples of `source` in order. The last batch is padded with zero images labelled -1, which are not
 * counted: with frozen statistics, the result of a sample depends only on that sample. The state is not changed.
 */
export async function evaluateSource(options: EvaluationOptions): Promise<Totals | null> {
  const { prepared, source } = options;
  let totals = NO_TOTALS;
  for (let start = 0; start < source.size; start += prepared.batch) {
    if (await options.between()) return null;
    const batch = await source.read(rangeOf(start, Math.min(source.size, start + prepared.batch)));
    source.prefetch(rangeOf(start + prepared.batch, Math.min(source.size, start + 2 * prepared.batch)));
    prepared.run(padBatch(batch, prepared.batch), IDLE_SCALARS);
    totals = addBatch(totals, prepared, batch.count);
    const width = prepared.logits.length / prepared.batch;
    options.onBatch?.(prepared.logits.subarray(0, batch.count * width), batch.labels, start + batch.count);
  }
  return totals;
}

/** Pads a batch to `size` images with zeros and the label -1; a full one is returned unchanged. */
export function padBatch(
  batch: ImageBatch,
  size: number,
): { images: ImageBatch['images']; labels: Int32Array } {
  if (batch.count === size) return { images: batch.images, labels: batch.labels };
  const perImage = batch.images.length / batch.count;
  const images = zerosLike(batch.images, perImage * size);
  images.set(batch.images);
  const labels = new Int32Array(size).fill(-1);
  labels.set(batch.labels.subarray(0, batch.count));
  return { images, labels };
}

function zerosLike(array: ImageBatch['images'], length: number): ImageBatch['images'] {
  if (array instanceof Uint8Array) return new Uint8Array(length);
  return array instanceof Float32Array ? new Float32Array(length) : new Float64Array(length);
}

/** Sample numbers from `start` to `end - 1`; empty when there are none. */
function rangeOf(start: number, end: number): Uint32Array {
  return Uint32Array.from({ length: Math.max(0, end - start) }, (_, index) => start + index);
}
