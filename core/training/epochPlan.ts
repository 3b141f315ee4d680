import { AppError } from '../diagnostics/appError.ts';
import type { RemainderPolicy } from '../document/trainingSettings.ts';
import { message } from '../words/message.ts';

/** How an epoch is divided into batches; the same for every epoch of a run. */
export interface EpochPlan {
  /** Batches in an epoch; at least 1. */
  readonly batches: number;
  /** Updates in an epoch: each takes `accumulate` batches, the last one the remaining ones. */
  readonly updates: number;
  readonly accumulate: number;
  /** Samples in every batch except the last. */
  readonly batchSize: number;
  readonly lastBatch: number;
  /** Samples that an epoch trains on: fewer than there are where the remainder is dropped. */
  readonly samples: number;
}

/**
 * Divides `size` samples into batches of `batchSize`. A remainder becomes a smaller batch of its own ('keep'), is left
 * out of this epoch ('drop'), or joins the last full batch ('merge'), which then has up to `2 * batchSize - 1` samples.
 * An update accumulates `accumulate` batches and never crosses the end of an epoch. Throws
 * `AppError('batch-too-small')` when 'drop' would leave nothing.
 */
export function planEpoch(
  size: number,
  batchSize: number,
  remainder: RemainderPolicy,
  accumulate = 1,
): EpochPlan {
  const cut = cutBatches(size, batchSize, remainder);
  return { ...cut, updates: Math.ceil(cut.batches / accumulate), accumulate };
}

/** Batches `first` to `end - 1` of an epoch make one update. */
export function batchesOfUpdate(
  plan: EpochPlan,
  first: number,
): { readonly first: number; readonly end: number } {
  return { first, end: Math.min(plan.batches, first + plan.accumulate) };
}

function cutBatches(size: number, batchSize: number, remainder: RemainderPolicy): Cut {
  const full = Math.floor(size / batchSize);
  const rest = size - full * batchSize;
  if (full === 0) return planSingle(size, batchSize, remainder);
  if (rest === 0 || remainder === 'drop') {
    return { batches: full, batchSize, lastBatch: batchSize, samples: full * batchSize };
  }
  if (remainder === 'keep') return { batches: full + 1, batchSize, lastBatch: rest, samples: size };
  return { batches: full, batchSize, lastBatch: batchSize + rest, samples: size };
}

type Cut = Omit<EpochPlan, 'updates' | 'accumulate'>;

/** The samples of batch `position` (from 0) in the epoch's order, as a view of `order`. */
export function batchIndices(plan: EpochPlan, order: Uint32Array, position: number): Uint32Array {
  const start = position * plan.batchSize;
  return order.subarray(start, start + (position === plan.batches - 1 ? plan.lastBatch : plan.batchSize));
}

/** Sizes of an epoch's batches, in order. */
export function batchSizes(plan: EpochPlan): number[] {
  return Array.from({ length: plan.batches }, (_, step) =>
    step === plan.batches - 1 ? plan.lastBatch : plan.batchSize,
  );
}

function planSingle(size: number, batchSize: number, remainder: RemainderPolicy): Cut {
  if (size === 0 || remainder === 'drop') {
    throw new AppError(
      'batch-too-small',
      message('starting.noFullBatch', { images: size, batch: batchSize }),
    );
  }
  return { batches: 1, batchSize, lastBatch: size, samples: size };
}
