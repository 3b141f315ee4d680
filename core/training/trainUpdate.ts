import type { Accumulation, PreparedProgram } from '../backend/backend.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { ImageBatch } from './batchSource.ts';
import { addBatch, NO_TOTALS, type Totals } from './metrics.ts';
import type { PrepareBatch } from './preparedPrograms.ts';

/** One batch of an update. */
export interface UpdateBatch {
  /** Sum of the weights of its samples: its part in the mean over the whole update. */
  readonly weight: number;
  /** Of the training, from 1. */
  readonly number: number;
  /** Of this batch, not of the update: each draws its own dropout. */
  readonly randomKey: number;
  /** Gives the pictures and has the batch behind this one made ready. */
  read(): Promise<ImageBatch>;
}

export interface UpdateRequest {
  readonly prepare: PrepareBatch;
  /** At least one. */
  readonly batches: readonly UpdateBatch[];
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

/**
 * Runs the batches of one update; the parameters change behind the last. Each batch's gradient, a mean over its samples, is
 * weighed by its share of the update's samples, so that the sum is the mean over all of them, the smaller last batch of an epoch
 * included.
 */
export async function trainUpdate(request: UpdateRequest): Promise<UpdateResult> {
  const { batches, prepare, learningRate, step } = request;
  const whole = batches.reduce((sum, { weight }) => sum + weight, 0);
  let totals = NO_TOTALS;
  let last: PreparedProgram | null = null;
  for (const [index, { weight, number, randomKey, read }] of batches.entries()) {
    const batch = await read();
    const prepared = prepare(batch.count);
    const place: Accumulation = {
      share: weight / whole,
      isFirst: index === 0,
      isLast: index === batches.length - 1,
    };
    const scalars = { learningRate, step, batch: number, randomKey };
    prepared.run(batch, request.accumulates ? { ...scalars, accumulation: place } : scalars);
    totals = addBatch(totals, prepared, batch.count);
    last = prepared;
    if (!Number.isFinite(prepared.loss())) break;
  }
  const prepared = must(last, 'batch of an update');
  return { totals, gradientNorm: prepared.gradientNorm(), prepared };
}
