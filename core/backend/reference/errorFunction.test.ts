import { describe, expect, it } from 'vitest';
import { erf, erfc } from './errorFunction.ts';

describe('erf', () => {
  /** Values of the C library (Python, math.erf); the method changes between 2.49 and 2.51. */
  it.each([
    [0, 0],
    [0.1, 0.1124629160182849],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [1.5, 0.9661051464753108],
    [2, 0.9953222650189527],
    [2.49, 0.9995707121322661],
    [2.51, 0.9996142945182758],
    [3, 0.9999779095030014],
    [4, 0.9999999845827421],
  ])('of %f is %f', (x, value) => {
    expect(erf(x)).toBeCloseTo(value, 14);
    expect(erf(-x)).toBeCloseTo(-value, 14);
  });
  it('ends at 1 and takes NaN for NaN', () => {
    expect(erf(7)).toBe(1);
    expect(erf(-Infinity)).toBe(-1);
    expect(erf(NaN)).toBeNaN();
  });
});

describe('erfc', () => {
  /** Values of the C library (Python, math.erfc). */
  it.each([
    [0, 1],
    [0.5, 0.4795001221869535],
    [2, 0.004677734981047265],
    [2.49, 0.000429287867733913],
    [2.51, 0.0003857054817242798],
    [5, 1.5374597944280351e-12],
    [20, 5.3958656116079005e-176],
  ])('of %f is %e, to twelve digits', (x, value) => {
    expect(erfc(x) / value).toBeCloseTo(1, 12);
  });
});
