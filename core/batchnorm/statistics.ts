import type { VarianceEstimator } from '../program/instruction.ts';

/** Mean and biased variance (divided by the count) of `count` values of one channel. */
export interface Statistic {
  readonly mean: number;
  readonly variance: number;
  readonly count: number;
}

/** The statistic of no values: the neutral element of `pool`. */
export const NO_STATISTIC: Statistic = { mean: 0, variance: 0, count: 0 };

/**
 * Returns the variance that enters the running variance, from a biased variance of m = `count` values: unchanged, or
 * times m/(m-1). Unchanged at a count of 1.
 */
export function storedVariance(variance: number, count: number, estimator: VarianceEstimator): number {
  return estimator === 'unbiased' && count > 1 ? variance * (count / (count - 1)) : variance;
}

/**
 * Statistics of the union of two sets of values, by the law of total variance: mean of the variances plus variance of
 * the means, both weighted by count (Chan, Golub and LeVeque 1979, in a numerically stable form). The order of pooling
 * affects only rounding.
 */
export function pool(a: Statistic, b: Statistic): Statistic {
  const count = a.count + b.count;
  if (count === 0) return NO_STATISTIC;
  const share = b.count / count;
  const shift = b.mean - a.mean;
  return {
    count,
    mean: a.mean + shift * share,
    variance: a.variance * (1 - share) + b.variance * share + shift * shift * share * (1 - share),
  };
}
