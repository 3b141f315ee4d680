import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStream } from '../training/random.ts';
import { ExactSum } from './exactSum.ts';
import { PooledStatistic } from './pooledStatistic.ts';
import type { Statistic } from './statistics.ts';
import { batchStatistic } from './testing/batchStatistic.ts';

const term = fc.double({ min: -1e12, max: 1e12, noNaN: true });

function sumOf(terms: readonly number[]): number {
  const sum = new ExactSum();
  for (const each of terms) sum.add(each);
  return sum.value();
}

describe('ExactSum', () => {
  it.each([
    [[1, 1e100, 1, -1e100], 2],
    [[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], 5.5],
    [[1e16, 1, 1e-16], 1e16 + 2],
    [[], 0],
  ])('%j is %d', (terms, expected) => {
    expect(sumOf(terms)).toBe(expected);
  });
  it('does not depend on the order, to the last bit', () => {
    fc.assert(
      fc.property(
        fc.array(term),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (terms, keys) => {
          const shuffled = terms
            .map((value) => ({ value, key: keys.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ value }) => value);
          expect(sumOf(shuffled)).toBe(sumOf(terms));
        },
      ),
    );
  });
});

function pooled(batches: readonly Statistic[], centre: number): PooledStatistic {
  const out = new PooledStatistic(centre);
  for (const batch of batches) out.add(batch);
  return out;
}

describe('PooledStatistic', () => {
  const values = fc.array(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 7 });
  const batches = fc.array(values, { minLength: 1, maxLength: 12 });

  it('is the statistic of all values together, batches weighted by their size', () => {
    fc.assert(
      fc.property(batches, (lists) => {
        const whole = batchStatistic(lists.flat());
        const result = pooled(lists.map(batchStatistic), 0).result();
        expect(result.count).toBe(whole.count);
        expect(Math.abs(result.mean - whole.mean)).toBeLessThan(1e-10);
        expect(Math.abs(result.variance - whole.variance)).toBeLessThan(1e-9 * (1 + whole.variance));
      }),
    );
  });

  it('is the same to the last bit in any order of batches', () => {
    fc.assert(
      fc.property(batches, term, fc.integer(), (lists, centre, seed) => {
        const random = openStream(seed >>> 0, 'order');
        const statistics = lists.map(batchStatistic);
        const shuffled = statistics
          .map((one) => ({ one, key: random.uniform() }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        expect(pooled(shuffled, centre / 1e9).result()).toEqual(pooled(statistics, centre / 1e9).result());
      }),
    );
  });

  it('has an error that the truth of random batches keeps to', () => {
    // 400 pools of 25 batches of 8 standard normal values: in about 5 % of them the error of the mean exceeds two
    // standard errors.
    const random = openStream(11, 'errors');
    let outside = { mean: 0, variance: 0 };
    for (let round = 0; round < 400; round += 1) {
      const lists = Array.from({ length: 25 }, () => Array.from({ length: 8 }, () => 3 + random.normal()));
      const pool = pooled(lists.map(batchStatistic), 0);
      const { mean, variance } = pool.result();
      const error = pool.error();
      outside = {
        mean: outside.mean + Number(Math.abs(mean - 3) > 2 * error.mean),
        variance: outside.variance + Number(Math.abs(variance - 1) > 2 * error.variance),
      };
    }
    expect(outside.mean / 400).toBeGreaterThan(0.02);
    expect(outside.mean / 400).toBeLessThan(0.1);
    expect(outside.variance / 400).toBeGreaterThan(0.02);
    expect(outside.variance / 400).toBeLessThan(0.13);
  });

  it('has no error below two batches', () => {
    expect(pooled([batchStatistic([1, 2])], 0).error()).toEqual({ mean: NaN, variance: NaN });
  });
});
