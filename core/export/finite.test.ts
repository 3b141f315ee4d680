import { describe, expect, it } from 'vitest';
import { requireFinite } from './finite.ts';

describe('requireFinite', () => {
  it.each([Float32Array, Float64Array])('accepts every finite value of %o', (Numbers) => {
    const largest = Numbers === Float32Array ? 3.4028234663852886e38 : Number.MAX_VALUE;
    const values = Numbers.of(0, -0, 1, -1, largest, -largest, Number.MIN_VALUE);
    expect(() => {
      requireFinite('weight', values);
      requireFinite('weight', new Numbers(0));
    }).not.toThrow();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'names the tensor that holds %s',
    (bad) => {
      for (const at of [0, 500, 999]) {
        const values = new Float32Array(1000).fill(1);
        values[at] = bad;
        expect(() => requireFinite('conv1.weight', values)).toThrow(/conv1\.weight/);
      }
    },
  );

  it('finds two infinities of opposite sign', () => {
    expect(() =>
      requireFinite('weight', Float64Array.of(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)),
    ).toThrow();
  });
});
