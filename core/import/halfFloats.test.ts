import { describe, expect, it } from 'vitest';
import { fromBfloat16, fromFloat16, fromInt64 } from './halfFloats.ts';

/** The value of a binary16 by the definition of IEEE 754. */
function byDefinition(half: number): number {
  const [sign, exponent, fraction] = [half >> 15 ? -1 : 1, (half >> 10) & 31, half & 1023];
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

describe('half floats', () => {
  it('gives the exact value of all 65,536 binary16 numbers', () => {
    for (let half = 0; half < 65_536; half += 1) {
      const value = fromFloat16(half);
      if (!Object.is(value, byDefinition(half))) expect([half, value]).toEqual([half, byDefinition(half)]);
    }
    expect(Object.is(fromFloat16(0x8000), -0)).toBe(true);
    expect([0x0001, 0x3c00, 0x7bff, 0xfbff].map(fromFloat16)).toEqual([2 ** -24, 1, 65_504, -65_504]);
  });

  it('takes the upper half of a float32 for bfloat16, subnormals and specials included', () => {
    expect([0x3fc0, 0xbe80, 0x0001, 0x7f80, 0xff80].map(fromBfloat16)).toEqual([
      1.5,
      -0.25,
      2 ** -133,
      Infinity,
      -Infinity,
    ]);
    expect(fromBfloat16(0x7fc0)).toBeNaN();
    expect(Object.is(fromBfloat16(0x8000), -0)).toBe(true);
  });

  it('rounds 64-bit integers once', () => {
    // Through float64 this would become a tie first and then round down to 2^62.
    const above = 2n ** 62n + 2n ** 38n + 1n;
    expect(fromInt64(above)).toBe(2 ** 62 + 2 ** 39);
    expect(fromInt64(-above)).toBe(-(2 ** 62) - 2 ** 39);
    expect(fromInt64(2n ** 62n + 2n ** 38n)).toBe(2 ** 62);
    expect(fromInt64(-(2n ** 63n))).toBe(-(2 ** 63));
    expect(fromInt64(2n ** 64n - 1n)).toBe(2 ** 64);
    expect(fromInt64(7n)).toBe(7);
  });
});
