import type { Accumulation, PreparedProgram } from '../backend/backend.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { ImageBatch } from './batchSource.ts';
import { totalWeight, type LossPlan } from '../program/loss.ts';
import { addBatch, NO_TOTALS, type Totals } from './metrics.ts';
import type { PrepareBatch } from './preparedPrograms.ts';

/** One batch of an update. */
export interface UpdateBatch {
  /** Number of the batch in the whole run, from 1. */
  readonly number: number;
  /** Random key of this batch, not of the update: each batch draws its own dropout. */
  readonly randomKey: number;
  /** Reads the images and prefetches the next batch. */
  read(): Promise<ImageBatch>;
}

export interface UpdateRequest {
  readonly prepare: PrepareBatch;
  /** At least one. */
  readonly batches: readonly UpdateBatch[];
  /** Decides the weight of a sample in the mean over the whole update. */
  readonly loss: Pick<LossPlan, 'classWeights'>;
  /** True where the program's optimizer accumulates gradients, even if this update has a single batch. */
  readonly accumulates: boolean;
  readonly learningRate: number;
  /** Number of this update, from 1. */
  readonly step: number;
}

export interface UpdateResult {
  readonly totals: Totals;
  /** Norm of the whole gradient before clipping; NaN without clipping. */
  readonly gradientNorm: number;
  /** The program that ran last, for its batch statistics. */
  readonly prepared: PreparedProgram;
}

/**
 * The factors with which a mean over samples of weight `gathered` is merged with that of a batch of weight `weight`.
 */
function meanWith(gathered: number, weight: number): Pick<Accumulation, 'keep' | 'share'> {
  const whole = gathered + weight;
  if (gathered === 0) return { keep: 0, share: 1 };
  return { keep: gathered / whole, share: weight / whole };
}

/**
 * Runs the batches of one update; the parameters change after the last one. The gradient of a batch is a weighted mean
 * over its samples. The accumulated gradient is the weighted mean over all samples so far, so each batch counts by the
 * weight of its samples; this holds for the smaller last batch of an epoch and for mixed images too. The weights of
 * mixed images are known only when they are read.
 */
export async function trainUpdate(request: UpdateRequest): Promise<UpdateResult> {
  const { batches, prepare, learningRate, step } = request;
  let gathered = 0;
  let totals = NO_TOTALS;
  let last: PreparedProgram | null = null;
  for (const [index, { number, randomKey, read }] of batches.entries()) {
    const batch = await read();
    const prepared = prepare(batch.count);
    const weight = totalWeight(request.loss, batch.labels, batch.mix ?? null);
    const place = { ...meanWith(gathered, weight), isLast: index === batches.length - 1 };
    gathered += weight;
    const scalars = { learningRate, step, batch: number, randomKey };
    prepared.run(batch, request.accumulates ? { ...scalars, accumulation: place } : scalars);
    totals = addBatch(totals, prepared, batch.count);
    last = prepared;
    if (!Number.isFinite(prepared.loss())) break;
  }
  const prepared = must(last, 'batch of an update');
  return { totals, gradientNorm: prepared.gradientNorm(), prepared };
}
