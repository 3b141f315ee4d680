import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_STATISTIC, pool, storedVariance } from './statistics.ts';
import { batchStatistic } from './testing/batchStatistic.ts';

const first = batchStatistic([1, 2, 3, 4]);
const second = batchStatistic([5, 6, 7, 8]);

describe('golden numbers of batchnorm-spec.md, section 5', () => {
  it('computes the batches', () => {
    expect(first).toEqual({ mean: 2.5, variance: 1.25, count: 4 });
    expect(second).toEqual({ mean: 6.5, variance: 1.25, count: 4 });
    expect(storedVariance(first.variance, 4, 'unbiased')).toBeCloseTo(1.666667, 6);
    expect(storedVariance(first.variance, 4, 'biased')).toBe(1.25);
  });

  it('reaches the true variance of sorted batches, which the mean of variances cannot', () => {
    const pooled = pool(first, second);
    expect(pooled).toEqual({ mean: 4.5, variance: 5.25, count: 8 });
    expect(storedVariance(pooled.variance, pooled.count, 'unbiased')).toBe(6);
  });
});

describe('pool', () => {
  const batches = fc.array(fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { maxLength: 7 }), {
    maxLength: 8,
  });

  it('gives the statistics of all values together, in any order of batches', () => {
    fc.assert(
      fc.property(batches, (lists) => {
        const whole = batchStatistic(lists.flat());
        const pooled = lists.map(batchStatistic).reduce(pool, NO_STATISTIC);
        const reversed = lists.map(batchStatistic).reverse().reduce(pool, NO_STATISTIC);
        for (const result of [pooled, reversed]) {
          expect(result.count).toBe(whole.count);
          expect(result.mean).toBeCloseTo(whole.mean, 8);
          expect(result.variance / (1 + whole.variance)).toBeCloseTo(
            whole.variance / (1 + whole.variance),
            8,
          );
        }
      }),
    );
  });

  it('keeps its digits where the mean is large beside the deviation', () => {
    const lists = [
      [1e8, 1e8 + 1],
      [1e8 + 2, 1e8 + 3],
    ];
    expect(lists.map(batchStatistic).reduce(pool).variance).toBe(1.25);
  });
});
