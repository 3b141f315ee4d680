import { describe, expect, it } from 'vitest';
import { compareDecisions, mcnemarTest } from './compareDecisions.ts';
import { confusionRows } from './confusion.ts';

describe('mcnemarTest', () => {
  /** Constants: scipy.stats.binomtest and scipy.stats.chi2.sf, SciPy 1.17.1. */
  it.each([
    [0, 0, 'exact', 1],
    [3, 9, 'exact', 0.14599609375],
    [10, 14, 'exact', 0.5412561893463135],
    [12, 13, 'corrected', 1],
    [30, 12, 'corrected', 0.008711912962379598],
    [20, 20, 'corrected', 1],
    [200, 100, 'corrected', 1.0920986772733468e-8],
  ] as const)('of %i and %i', (b, c, method, pValue) => {
    const found = mcnemarTest(b, c);
    expect(found.method).toBe(method);
    expect(found.pValue / pValue).toBeCloseTo(1, 11);
    expect(mcnemarTest(c, b)).toEqual(found);
  });
});

describe('compareDecisions', () => {
  it('counts who is right, and the classes of both', () => {
    const labels = Int32Array.of(0, 0, 1, 1, 2, 2);
    const first = Int32Array.of(0, 1, 1, 1, 0, 2);
    const second = Int32Array.of(0, 0, 1, 2, 0, 1);
    const found = compareDecisions(labels, first, second, 3);
    expect(found).toMatchObject({ images: 6, both: 2, onlyFirst: 2, onlySecond: 1, neither: 1 });
    expect(found.agreement?.value).toBe(0.5);
    expect(confusionRows(found.matrix)).toEqual([
      [2, 0, 0],
      [1, 1, 1],
      [0, 1, 0],
    ]);
  });

  it('refuses lists of different length', () => {
    expect(() => compareDecisions(Int32Array.of(0), Int32Array.of(0), new Int32Array(2), 2)).toThrow(
      'decisions',
    );
  });
});
