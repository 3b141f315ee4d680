import { describe, expect, it } from 'vitest';
import { classWeightsSchema } from '#core/document/trainingSettings.ts';
import { balancedByHand, weightsFor, withWeight } from './classWeights.ts';

describe('class weights', () => {
  it('keep their places when classes come or go', () => {
    expect(weightsFor(3, [2, 0.5])).toEqual([2, 0.5, 1]);
    expect(weightsFor(2, [2, 0.5, 7])).toEqual([2, 0.5]);
    expect(withWeight([2], 3, 2, 9)).toEqual([2, 1, 9]);
    expect(withWeight([2, 3, 4, 5], 3, 0, 9)).toEqual([9, 3, 4]);
  });

  it('balanced are n / (k n_c), in four digits, and fit the settings', () => {
    // 100 images, 3 classes: 100 / (3 * 10), 100 / (3 * 30), 100 / (3 * 60).
    expect(balancedByHand([10, 30, 60])).toEqual([3.333, 1.111, 0.5556]);
    expect(balancedByHand([5, 5])).toEqual([1, 1]);
    expect(classWeightsSchema.parse(balancedByHand([1, 65_000]))).toEqual([32500, 0.5]);
    expect(classWeightsSchema.parse(balancedByHand([1, 3_000_000]))).toEqual([1e6, 0.5]);
  });
});
