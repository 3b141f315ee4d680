import { describe, expect, it } from 'vitest';
import { classProbabilities, decidedClass, readoutOf } from './readout.ts';

describe('readoutOf', () => {
  it.each([
    [{ kind: 'crossEntropy' }, 3, 'softmax'],
    [{ kind: 'focal', gamma: 2, alpha: 0.25 }, 3, 'softmax'],
    [{ kind: 'focal', gamma: 2, alpha: 0.25 }, 1, 'sigmoid'],
    [{ kind: 'binaryCrossEntropy' }, 1, 'sigmoid'],
    [{ kind: 'binaryCrossEntropy' }, 3, 'sigmoid'],
    [{ kind: 'mse' }, 3, 'clip'],
  ] as const)('%j over %i numbers: %s', (loss, count, expected) => {
    expect(readoutOf(loss, count)).toBe(expected);
  });
});

describe('classProbabilities', () => {
  it('of one logit gives both classes, which add up to 1', () => {
    const [no = NaN, yes = NaN] = classProbabilities('sigmoid', [Math.log(3)]);
    expect(yes).toBeCloseTo(0.75, 15);
    expect(no + yes).toBeCloseTo(1, 15);
    expect(classProbabilities('sigmoid', [-800])).toEqual([1, 0]);
  });
  it('of one against the rest answers each class by itself', () => {
    expect(classProbabilities('sigmoid', [0, Math.log(9), -Math.log(3)])).toEqual([
      0.5,
      expect.closeTo(0.9, 14),
      expect.closeTo(0.25, 14),
    ]);
  });
  it('of softmax does not overflow', () => {
    expect(classProbabilities('softmax', [1000, 1000])).toEqual([0.5, 0.5]);
  });
  it('cuts fitted numbers to 0 … 1', () => {
    expect(classProbabilities('clip', [-0.2, 0.4, 1.3])).toEqual([0, 0.4, 1]);
  });
});

describe('decidedClass', () => {
  it('takes the first of the largest, and the side of zero of a single logit', () => {
    expect(decidedClass([1, 3, 3])).toBe(1);
    expect(decidedClass([0.01])).toBe(1);
    expect(decidedClass([0])).toBe(0);
    expect(decidedClass([-2])).toBe(0);
  });
});
