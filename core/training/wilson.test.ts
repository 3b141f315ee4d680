import { describe, expect, it } from 'vitest';
import { overlap, wilsonInterval } from './wilson.ts';

describe('wilsonInterval', () => {
  // scipy.stats.binomtest(hits, count).proportion_ci(method='wilson')
  it.each([
    [0, 10, 0, 0.277533],
    [10, 10, 0.722467, 1],
    [45, 48, 0.831646, 0.978517],
    [500, 1000, 0.46907, 0.53093],
  ])('of %d of %d is %d to %d', (hits, count, low, high) => {
    const found = wilsonInterval(hits, count);
    expect(found.low).toBeCloseTo(low, 5);
    expect(found.high).toBeCloseTo(high, 5);
  });
  it('refuses what is no count of trials', () => {
    expect(() => wilsonInterval(0, 0)).toThrow();
    expect(() => wilsonInterval(3, 2)).toThrow();
  });
});

describe('overlap', () => {
  it('is true where a value is in both', () => {
    expect(overlap({ low: 0, high: 0.5 }, { low: 0.5, high: 1 })).toBe(true);
    expect(overlap({ low: 0, high: 0.4 }, { low: 0.5, high: 1 })).toBe(false);
    expect(overlap({ low: 0.5, high: 1 }, { low: 0, high: 0.4 })).toBe(false);
  });
});
