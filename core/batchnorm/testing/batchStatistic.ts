import { NO_STATISTIC, type Statistic } from '../statistics.ts';

/** Statistics of one channel's values in one batch; batchnorm-spec.md, section 1. */
export function batchStatistic(values: readonly number[]): Statistic {
  const count = values.length;
  if (count === 0) return NO_STATISTIC;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
  return { mean, variance, count };
}
