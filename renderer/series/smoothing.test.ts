import { describe, expect, it } from 'vitest';
import { smooth } from './smoothing.ts';

const ones = (length: number): Float64Array => new Float64Array(length).fill(1);
const smoothRows = (values: number[], weight: number): number[] => [
  ...smooth(Float64Array.from(values), ones(values.length), weight),
];

describe('smooth', () => {
  it('is the debiased average, by hand', () => {
    const [first, second, third] = smoothRows([1, 2, 4], 0.5);
    expect(first).toBeCloseTo(1, 12);
    expect(second).toBeCloseTo((0.25 * 1 + 0.5 * 2) / 0.75, 12);
    expect(third).toBeCloseTo((0.125 * 1 + 0.25 * 2 + 0.5 * 4) / 0.875, 12);
  });

  it('leaves the line alone at weight 0, and a constant one at any weight', () => {
    expect(smoothRows([3, 1, 2], 0)).toEqual([3, 1, 2]);
    expect(smoothRows([0.1, 0.1, 0.1], 0.9)).toEqual([0.1, 0.1, 0.1]);
  });

  it('passes values that are not finite through without counting them', () => {
    const [first, gap, second] = smoothRows([1, NaN, 2], 0.5);
    expect(first).toBeCloseTo(1, 12);
    expect(gap).toBeNaN();
    expect(second).toBeCloseTo((0.25 * 1 + 0.5 * 2) / 0.75, 12);
  });

  it('starts at the first value however heavy the weight', () => {
    expect(smoothRows([7, 0, 0], 0.999)[0]).toBeCloseTo(7, 9);
  });

  it('moves an entry of many equal rows as those rows would', () => {
    const rows = smoothRows([1, 5, 5, 5, 5, 2], 0.8);
    const entries = smooth(Float64Array.of(1, 5, 2), Float64Array.of(1, 4, 1), 0.8);
    expect(entries[1]).toBeCloseTo(rows[4] ?? NaN, 12);
    expect(entries[2]).toBeCloseTo(rows[5] ?? NaN, 12);
  });

  it('stays finite over a million points', () => {
    const values = Float64Array.from({ length: 1_000_000 }, (_, i) => i % 2);
    const smoothed = smooth(values, ones(values.length), 0.999);
    expect(smoothed.at(-1)).toBeCloseTo(0.5, 3);
  });
});
