import { describe, expect, it } from 'vitest';
import { classMap } from './classMap.ts';

/** Two channels of two pixels. */
const IMAGE = { channels: 2, height: 1, width: 2, values: [1, 3, 2, -1] };

describe('classMap', () => {
  it('weighs channels by their mean gradient: Grad-CAM', () => {
    // Weights (0.5 + 1.5) / 2 = 1 and (-4 + 2) / 2 = -1: [1 - 2, 3 + 1], then ReLU.
    const map = classMap('grad-cam', IMAGE, [0.5, 1.5, -4, 2]);
    expect(map).toEqual({ height: 1, width: 2, values: Float32Array.of(0, 4) });
  });

  it('weighs them by alpha * relu(gradient): Grad-CAM++', () => {
    // Sums 4 and 1: weights 0.5 / (2 + 4 * 0.5) + 1.5 / (2 + 4 * 1.5) and 2 / (2 + 1 * 2).
    const [first, second] = [0.5 / 4 + 1.5 / 8, 2 / 4];
    const map = classMap('grad-cam++', IMAGE, [0.5, 1.5, -4, 2]);
    expect(Array.from(map.values)).toEqual(
      [first + 2 * second, 3 * first - second].map((value) => Math.fround(Math.max(0, value))),
    );
  });

  it('is 0 everywhere without a gradient, and leaves out a term whose divisor is 0', () => {
    for (const method of ['grad-cam', 'grad-cam++'] as const)
      expect(Array.from(classMap(method, IMAGE, [0, 0, 0, 0]).values)).toEqual([0, 0]);
    const negative = { channels: 1, height: 1, width: 2, values: [-4, 2] };
    expect(Array.from(classMap('grad-cam++', negative, [1, 0]).values)).toEqual([0, 0]);
  });

  it('shows values that are not finite, and refuses gradients of another size', () => {
    expect(classMap('grad-cam++', IMAGE, [NaN, 1, 1, 1]).values).toEqual(Float32Array.of(NaN, NaN));
    expect(() => classMap('grad-cam', IMAGE, [1])).toThrow(/1 gradients for 4 values/);
  });
});
