import type { Accumulation, PreparedProgram } from '../backend/backend.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { ImageBatch } from './batchSource.ts';
import { totalWeight, type LossPlan } from '../program/loss.ts';
import { addBatch, NO_TOTALS, type Totals } from './metrics.ts';
import type { PrepareBatch } from './preparedPrograms.ts';

/** One batch of an update. */
export interface UpdateBatch {
  /** Of the training, from 1. */
  readonly number: number;
  /** Of this batch, not of the update: each draws its own dropout. */
  readonly randomKey: number;
  /** Gives the images and has the batch behind this one made ready. */
  read(): Promise<ImageBatch>;
}

export interface UpdateRequest {
  readonly prepare: PrepareBatch;
  /** At least one. */
  readonly batches: readonly UpdateBatch[];
  /** Decides what a sample weighs in the mean over the whole update. */
  readonly loss: Pick<LossPlan, 'classWeights'>;
  /** True where the program's optimizer gathers gradients, even if this update has but one batch. */
  readonly accumulates: boolean;
  readonly learningRate: number;
  /** Number of this update, from 1. */
  readonly step: number;
}

export interface UpdateResult {
  readonly totals: Totals;
  /** Of the whole gradient before clipping; NaN without clipping. */
  readonly gradientNorm: number;
  /** What ran last, for its batch statistics. */
  readonly prepared: PreparedProgram;
}

/** How a mean over samples of weight `gathered` takes in those of a batch of weight `weight`. */
function meanWith(gathered: number, weight: number): Pick<Accumulation, 'keep' | 'share'> {
  const whole = gathered + weight;
  if (gathered === 0) return { keep: 0, share: 1 };
  return { keep: gathered / whole, share: weight / whole };
}

/**
 * Runs the batches of one update; the parameters change behind the last. Each batch's gradient is a mean over its
 * samples by their weights, and what is gathered is the mean over all samples so far: each batch has its part of their
 * weight, the smaller last batch of an epoch and images mixed of two classes included. What mixed images weigh is known
 * only as they come.
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
