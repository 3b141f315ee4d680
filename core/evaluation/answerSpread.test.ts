import { describe, expect, it } from 'vitest';
import { spreadOf } from './answerSpread.ts';

describe('spreadOf', () => {
  it('interpolates the quartiles', () => {
    // numpy.percentile([4, 1, 3, 2], [0, 25, 50, 75, 100])
    expect(spreadOf([4, 1, 3, 2])).toEqual({
      ...{ min: 1, lowerQuartile: 1.75, median: 2.5, upperQuartile: 3.25, max: 4 },
    });
  });
  it('of one number is that number, and exactly 0 wide', () => {
    expect(new Set(Object.values(spreadOf([0.3])))).toEqual(new Set([0.3]));
    const same = spreadOf([0.1, 0.1, 0.1]);
    expect(same.max - same.min).toBe(0);
  });
});
