import type { PreparedProgram } from '../backend/backend.ts';

/**
 * Sums over samples, so that a mean over batches of different sizes weights each sample equally. Plain data: part of a
 * checkpoint.
 */
export interface Totals {
  readonly samples: number;
  readonly lossSum: number;
  readonly correct: number;
}

export const NO_TOTALS: Totals = { samples: 0, lossSum: 0, correct: 0 };

/** Adds the last run of `prepared` on `count` labelled samples. */
export function addBatch(totals: Totals, prepared: PreparedProgram, count: number): Totals {
  return {
    samples: totals.samples + count,
    lossSum: totals.lossSum + prepared.loss() * count,
    correct: totals.correct + prepared.correct(),
  };
}

/** The sum of both. */
export function addTotals(a: Totals, b: Totals): Totals {
  return { samples: a.samples + b.samples, lossSum: a.lossSum + b.lossSum, correct: a.correct + b.correct };
}

/** Mean loss and share of correct samples; NaN and 0 for no samples. */
export function meansOf(totals: Totals): { loss: number; accuracy: number } {
  if (totals.samples === 0) return { loss: NaN, accuracy: 0 };
  return { loss: totals.lossSum / totals.samples, accuracy: totals.correct / totals.samples };
}

/** Exponential moving average with bias correction. */
export interface SmoothedMean {
  add(value: number): void;
  /** NaN before the first value. */
  value(): number;
}

/**
 * `m <- decay*m + (1-decay)*x`, divided by `1 - decay^n`: the bias correction of Adam (Kingma and Ba 2015, section 3).
 */
export function smoothedMean(decay: number): SmoothedMean {
  let mean = 0;
  let weight = 0;
  return {
    add: (value) => {
      mean = decay * mean + (1 - decay) * value;
      weight = decay * weight + (1 - decay);
    },
    value: () => mean / weight,
  };
}
