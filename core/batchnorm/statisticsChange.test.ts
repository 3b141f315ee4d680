import { describe, expect, it } from 'vitest';
import { statisticsChange } from './statisticsChange.ts';

const of = (mean: number[], variance: number[]) => ({
  mean: Float64Array.from(mean),
  variance: Float64Array.from(variance),
});

describe('statisticsChange', () => {
  it('measures the golden batches: two moving steps against all eight values pooled', () => {
    // batchnorm-spec.md, section 5: moving average 0.875 and 1.126667, pooled 4.5 and 6.0.
    const { mean, variance } = statisticsChange(of([0.875], [1.126667]), of([4.5], [6]), 0);
    expect(mean.worst).toBeCloseTo(3.625 / Math.sqrt(1.126667), 12);
    expect(mean.typical).toBe(mean.worst);
    expect(variance).toMatchObject({ before: 1.126667, after: 6, worstChannel: 0 });
    expect(variance.worstFactor).toBeCloseTo(6 / 1.126667, 12);
  });

  it('names the channel that moved most, down as well as up', () => {
    const before = of([0, 0, 0], [4, 4, 4]);
    const after = of([-3, 1, 0], [8, 4, 1]);
    const { mean, variance } = statisticsChange(before, after, 0);
    expect(mean).toEqual({ typical: Math.sqrt((1.5 ** 2 + 0.5 ** 2) / 3), worst: 1.5, worstChannel: 0 });
    expect(variance).toEqual({ before: 4, after: 13 / 3, worstFactor: 0.25, worstChannel: 2 });
  });

  it('takes a dead channel as the block computes it, with its epsilon', () => {
    const { mean, variance } = statisticsChange(of([1], [0]), of([1.02], [0]), 1e-4);
    expect(mean.worst).toBeCloseTo(2, 9);
    expect(variance.worstFactor).toBe(1);
  });

  it('is nothing for equal statistics', () => {
    const same = of([1, 2], [3, 4]);
    expect(statisticsChange(same, same, 1e-5).mean).toMatchObject({ typical: 0, worst: 0 });
    expect(statisticsChange(same, same, 1e-5).variance.worstFactor).toBe(1);
  });
});
