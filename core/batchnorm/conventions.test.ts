import { describe, expect, it } from 'vitest';
import { decayNames, initialShare, stepsUntilInitialBelow } from './conventions.ts';

describe('decay conventions', () => {
  it('names one number as each framework does', () => {
    expect(decayNames(0.99)).toEqual({
      pytorchMomentum: 0.01,
      kerasMomentum: 0.99,
      caffeMovingAverageFraction: 0.99,
      onnxMomentum: 0.99,
    });
  });

  it.each([
    [0.9, 44],
    [0.99, 459],
    [0.999, 4603],
  ])('at decay %d the initial value weighs under 1 %% after %i steps', (decay, steps) => {
    expect(stepsUntilInitialBelow(decay, 0.01)).toBe(steps);
    expect(initialShare({ averaging: 'decay', decay }, steps)).toBeLessThan(0.01);
    expect(initialShare({ averaging: 'decay', decay }, steps - 1)).toBeGreaterThanOrEqual(0.01);
  });

  it('knows the edges', () => {
    expect(stepsUntilInitialBelow(1, 0.01)).toBe(Infinity);
    expect(stepsUntilInitialBelow(0, 0.01)).toBe(1);
    expect(stepsUntilInitialBelow(0.5, 0.25)).toBe(3);
    expect(stepsUntilInitialBelow(0.9, 0)).toBe(Infinity);
    expect(stepsUntilInitialBelow(0.9, 2)).toBe(0);
  });
});
