import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawMixed, drawOrthogonal } from './orthogonal.ts';
import { openStream } from './random.ts';

const size = fc.integer({ min: 1, max: 24 });

/** Products of all pairs of rows (or columns, if there are fewer): the identity for an orthogonal matrix. */
function gram(matrix: Float64Array, rows: number, columns: number): number[][] {
  const few = Math.min(rows, columns);
  const many = Math.max(rows, columns);
  const at = (line: number, k: number): number =>
    matrix[rows <= columns ? line * columns + k : k * columns + line] ?? NaN;
  return Array.from({ length: few }, (_, a) =>
    Array.from({ length: few }, (__, b) =>
      Array.from({ length: many }, (___, k) => at(a, k) * at(b, k)).reduce((sum, x) => sum + x, 0),
    ),
  );
}

describe('drawOrthogonal', () => {
  it('gives orthonormal rows, or columns where there are fewer, for any size and seed', () => {
    fc.assert(
      fc.property(size, size, fc.nat(), (rows, columns, seed) => {
        const matrix = drawOrthogonal(rows, columns, openStream(seed, 'orthogonal'));
        expect(matrix).toHaveLength(rows * columns);
        gram(matrix, rows, columns).forEach((line, a) => {
          line.forEach((value, b) => {
            expect(Math.abs(value - (a === b ? 1 : 0))).toBeLessThan(1e-12);
          });
        });
      }),
    );
  });

  it('is the same for the same stream, another for another, and favours no direction', () => {
    const draw = (seed: number): Float64Array => drawOrthogonal(3, 3, openStream(seed, 'a'));
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    const corners = Array.from({ length: 2000 }, (_, seed) => draw(seed)[0] ?? NaN);
    // One coordinate of a random direction in 3D is uniform over [-1, 1] (Archimedes): mean 0, mean square 1/3.
    expect(corners.reduce((sum, x) => sum + x, 0) / 2000).toBeCloseTo(0, 1);
    expect(corners.reduce((sum, x) => sum + x * x, 0) / 2000).toBeCloseTo(1 / 3, 1);
  });

  it('draws again where a row falls onto those before it', () => {
    const stream = openStream(5, 'real');
    const values = [1, 0, 2, 0];
    const first = { ...stream, normal: () => values.shift() ?? stream.normal() };
    const matrix = drawOrthogonal(2, 2, first);
    expect([...matrix.subarray(0, 2)]).toEqual([1, 0]);
    expect(matrix.every(Number.isFinite)).toBe(true);
    expect(Math.abs(matrix[3] ?? 0)).toBeCloseTo(1, 12);
  });
});

describe('drawMixed', () => {
  it('is as straight where a row of a small matrix came close to those before it', () => {
    const lines = gram(drawMixed(5, 73, openStream(1809099689, 'mixed')), 5, 73);
    for (const [a, line] of lines.entries())
      for (const [b, value] of line.entries())
        expect(Math.abs(value - (a === b ? 1 : 0))).toBeLessThan(1e-14);
  });

  it('gives orthonormal rows for any size and seed, the same for the same stream', () => {
    const sizes = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 0, max: 90 }));
    fc.assert(
      fc.property(sizes, fc.nat(), ([rows, more], seed) => {
        const columns = rows + more;
        const matrix = drawMixed(rows, columns, openStream(seed, 'mixed'));
        gram(matrix, rows, columns).forEach((line, a) => {
          line.forEach((value, b) => {
            expect(Math.abs(value - (a === b ? 1 : 0))).toBeLessThan(1e-12);
          });
        });
        expect(drawMixed(rows, columns, openStream(seed, 'mixed'))).toEqual(matrix);
      }),
      { numRuns: 25 },
    );
  });

  it('stands in for large matrices, either way round, and spreads every row over all columns', () => {
    const [rows, columns] = [600, 1500];
    const matrix = drawOrthogonal(rows, columns, openStream(3, 'large'));
    expect(matrix).toEqual(drawMixed(rows, columns, openStream(3, 'large')));
    const moment = (power: number): number =>
      matrix.reduce((sum, x) => sum + (x * Math.sqrt(columns)) ** power, 0) / matrix.length;
    // The moments of normal numbers: no column and no entry stands out.
    expect(moment(1)).toBeCloseTo(0, 2);
    expect(moment(2)).toBeCloseTo(1, 9);
    expect(moment(4)).toBeGreaterThan(2.7);
    expect(moment(4)).toBeLessThan(3.3);
    const tall = drawOrthogonal(columns, rows, openStream(3, 'large'));
    expect(tall[7 * rows + 5]).toBe(matrix[5 * columns + 7]);
  });
});
