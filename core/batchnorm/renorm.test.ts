import { describe, expect, it } from 'vitest';
import { ghostGroups } from './ghost.ts';
import { NO_RENORM, renormCorrection, renormLimits } from './renorm.ts';

/** The schedule of Ioffe 2017, section 4. */
const PAPER = { maxR: 3, maxD: 5, rampStart: 5000, rampEndR: 40_000, rampEndD: 25_000 };

describe('renormLimits', () => {
  it.each([
    [1, 1, 0],
    [5000, 1, 0],
    [15_000, 1 + (2 * 10_000) / 35_000, 2.5],
    [25_000, 1 + (2 * 20_000) / 35_000, 5],
    [40_000, 3, 5],
    [1e6, 3, 5],
  ])('follows the ramps of the paper at step %i', (step, rMax, dMax) => {
    const limits = renormLimits(PAPER, step);
    expect(limits.rMax).toBeCloseTo(rMax, 12);
    expect(limits.dMax).toBeCloseTo(dMax, 12);
  });
  it('jumps where a ramp ends at or before its start', () => {
    const jump = { ...PAPER, rampStart: 10, rampEndR: 10, rampEndD: 3 };
    expect(renormLimits(jump, 10)).toEqual({ rMax: 1, dMax: 0 });
    expect(renormLimits(jump, 11)).toEqual({ rMax: 3, dMax: 5 });
  });
});

describe('renormCorrection', () => {
  const stored = { mean: 1, sigma: 2 };
  it('is the exact ratio within the limits', () => {
    const { r, d } = renormCorrection({ mean: 2, sigma: 3 }, stored, { rMax: 3, dMax: 5 });
    expect([r, d]).toEqual([1.5, 0.5]);
    // Then the batch's own statistics cancel: u * r + d = (x - mean stored) / sigma stored.
    expect(((7 - 2) / 3) * r + d).toBe((7 - 1) / 2);
  });
  it('is cut off on both sides', () => {
    const limits = { rMax: 2, dMax: 1 };
    expect(renormCorrection({ mean: 100, sigma: 100 }, stored, limits)).toEqual({ r: 2, d: 1 });
    expect(renormCorrection({ mean: -100, sigma: 0.1 }, stored, limits)).toEqual({ r: 0.5, d: -1 });
  });
  it('is none at all without renormalization', () => {
    expect(renormCorrection({ mean: 9, sigma: 9 }, stored, renormLimits(NO_RENORM, 99))).toEqual({
      r: 1,
      d: 0,
    });
  });
});

describe('ghostGroups', () => {
  const sizes = (batch: number, groupSize: number): number[] =>
    ghostGroups(batch, groupSize).map(({ start, end }) => end - start);
  it.each([
    [8, 4, [4, 4]],
    [9, 4, [4, 5]],
    [11, 4, [4, 7]],
    [3, 4, [3]],
    [5, 0, [5]],
    [3, 1, [1, 1, 1]],
  ])('cuts %i samples by %i', (batch, groupSize, expected) => {
    expect(sizes(batch, groupSize)).toEqual(expected);
  });
});
