import { describe, expect, it } from 'vitest';
import type { PreparedProgram } from '../backend/backend.ts';
import { addBatch, meansOf, NO_TOTALS, smoothedMean } from './metrics.ts';

function ran(loss: number, correct: number): PreparedProgram {
  return { loss: () => loss, correct: () => correct } as PreparedProgram;
}

describe('totals', () => {
  it('weighs samples, not batches', () => {
    const totals = addBatch(addBatch(NO_TOTALS, ran(1, 3), 4), ran(4, 0), 2);
    expect(meansOf(totals)).toEqual({ loss: 2, accuracy: 0.5 });
  });

  it('has no mean of nothing', () => {
    expect(meansOf(NO_TOTALS)).toEqual({ loss: NaN, accuracy: 0 });
  });
});

describe('smoothedMean', () => {
  it('is unbiased from the first value', () => {
    const mean = smoothedMean(0.9);
    expect(mean.value()).toBeNaN();
    mean.add(5);
    expect(mean.value()).toBeCloseTo(5, 12);
    mean.add(7);
    expect(mean.value()).toBeCloseTo((0.9 * 5 + 7) / 1.9, 12);
  });
});
