import { describe, expect, it } from 'vitest';
import { bootstrapIntervals, quantile } from './bootstrap.ts';
import { midRanks } from './rocAuc.ts';

const tick = () => undefined;

describe('bootstrapIntervals', () => {
  it('covers the mean as the normal interval of a large sample does', async () => {
    const values = Float64Array.from({ length: 400 }, (_, at) => ((at * 7919) % 400) / 400);
    const mean = (drawn: Uint32Array): number =>
      drawn.reduce((sum, image) => sum + (values[image] ?? NaN), 0) / drawn.length;
    const [interval] = await bootstrapIntervals(400, (drawn) => [mean(drawn)], tick);
    // Uniform on 0 … 1: 0.49875 ± 1.96 * 0.2887 / 20.
    expect(interval?.low).toBeCloseTo(0.4705, 2);
    expect(interval?.high).toBeCloseTo(0.527, 2);
  });

  it('leaves out samples without the figure, and gives null where no sample has it', async () => {
    const found = await bootstrapIntervals(3, (drawn) => [drawn.includes(0) ? 1 : NaN, NaN], tick);
    expect(found).toEqual([{ low: 1, high: 1 }, null]);
  });
});

it('quantile interpolates as numpy.quantile', () => {
  expect(quantile(Float64Array.of(1, 2, 4, 8), 0.025)).toBeCloseTo(1.075, 14);
  expect(quantile(Float64Array.of(1, 2, 4, 8), 0.975)).toBeCloseTo(7.7, 14);
});

it('midRanks gives equal values the mean of their ranks, as scipy.stats.rankdata', () => {
  expect([...midRanks(Float64Array.of(3, 1, 3, 2, 3))]).toEqual([4, 1, 4, 2, 4]);
});
