import { firstNonFinite, StatisticsNotFinite } from '../batchnorm/finiteStatistics.ts';
import type { BatchNormLayer } from '../batchnorm/layers.ts';
import type { FloatArray } from '../program/floatArray.ts';
import { AppError } from '../diagnostics/appError.ts';
import { message, sentences, type MessageValue } from '../words/message.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { BatchSource } from './batchSource.ts';
import { divergedValues } from './diverged.ts';
import { IDLE_SCALARS } from './evaluate.ts';
import type { PrepareBatch } from './preparedPrograms.ts';

/** What the training loop knows about a failed step. */
export interface FailedStep {
  /** The error that the step threw. */
  readonly error: unknown;
  /** Number of the update and of its epoch, both from 1. */
  readonly step: number;
  readonly epoch: number;
  /** Learning rate of that update, and the one in the settings. */
  readonly learningRate: number;
  readonly baseRate: number;
  readonly source: BatchSource;
  /** The batch that failed, which was read last; null before the first. */
  readonly last: LastRead | null;
  readonly layers: readonly BatchNormLayer[];
  readonly layout: StateLayout;
  /** Batch statistics of the training program for batches of this size. */
  statisticsOf(batch: number): FloatArray;
  /** Programs in 'evaluate' mode. */
  readonly evaluate: PrepareBatch;
}

export interface LastRead {
  readonly indices: Uint32Array;
  /** Epoch from 0; undefined for images without augmentation. */
  readonly epoch: number | undefined;
}

/** Wraps a source so that it remembers the last batch. */
export function rememberingSource(source: BatchSource): { source: BatchSource; last: () => LastRead | null } {
  let last: LastRead | null = null;
  const read: BatchSource['read'] = (indices, epoch) => {
    last = { indices: indices.slice(), epoch };
    return source.read(indices, epoch);
  };
  return { source: { ...source, read }, last: () => last };
}

/**
 * The error to report for a failed step. Where the statistics of a BatchNorm are not finite, it names the first such
 * block, the step, and the image that causes it: the one whose own output is not finite. Without such an image, or
 * where the state no longer allows the search, it names the images of the batch. Any other error is returned unchanged.
 */
export async function explainFailedStep(failed: FailedStep): Promise<unknown> {
  const { error, layers, layout, last } = failed;
  if (!(error instanceof AppError) || error.code !== 'diverged' || last === null) return error;
  const layer = firstNonFinite(layers, layout, failed.statisticsOf(last.indices.length));
  if (layer === null) return error;
  const isStateWhole = error instanceof StatisticsNotFinite;
  const culprit = isStateWhole ? await findCulprit(failed, last) : null;
  const values = { ...divergedValues(failed), node: layer.node };
  const said =
    culprit === null
      ? message('training.divergedBatch', { ...values, images: listed(last.indices, failed.source) })
      : message('training.divergedImage', { ...values, image: nameOf(culprit, failed.source) });
  return new AppError(
    'diverged',
    isStateWhole ? sentences(said, message('training.storedStatistics')) : said,
    { where: layer.node, cause: error },
  );
}

/**
 * The first sample of the batch whose own output with frozen statistics is not finite. Null when there is none, and
 * when all are: then the weights are the cause.
 */
async function findCulprit(
  { source, evaluate }: FailedStep,
  { indices, epoch }: LastRead,
): Promise<number | null> {
  const prepared = evaluate(1);
  const bad: number[] = [];
  for (const index of indices) {
    const { images } = await source.read(Uint32Array.of(index), epoch);
    prepared.run({ images }, IDLE_SCALARS);
    if (!prepared.logits.every(Number.isFinite)) bad.push(index);
  }
  const [first] = bad;
  return first === undefined || (bad.length === indices.length && indices.length > 1) ? null : first;
}

const SHOWN = 3;

/** `a/1.png, a/2.png, b/7.png and 29 more`. */
function listed(indices: Uint32Array, source: BatchSource): MessageValue {
  const items = Array.from(indices.subarray(0, SHOWN), (index) => nameOf(index, source));
  const more = indices.length - SHOWN;
  return more > 0 ? message('plain.listOfMore', { items, more }) : items;
}

function nameOf(index: number, { files }: BatchSource): MessageValue {
  return files?.[index] ?? message('training.imageNumber', { index });
}
