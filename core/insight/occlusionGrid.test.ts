import { describe, expect, it } from 'vitest';
import { coverSquare, meanColour, occlusionGrid, spreadSquares } from './occlusionGrid.ts';

const SIZE = { channels: 1, height: 3, width: 4 } as const;

describe('occlusionGrid', () => {
  it('covers the last row and column, and an image smaller than the square at once', () => {
    expect(occlusionGrid(SIZE, { size: 2, stride: 2 })).toMatchObject({ rows: 2, columns: 2 });
    expect(occlusionGrid(SIZE, { size: 2, stride: 1 })).toMatchObject({ rows: 2, columns: 3 });
    expect(occlusionGrid(SIZE, { size: 9, stride: 4 })).toMatchObject({ rows: 1, columns: 1 });
  });

  it('covers squares row by row and cuts them off at the edge', () => {
    const grid = occlusionGrid(SIZE, { size: 2, stride: 2 });
    const bytes = new Uint8Array(12);
    const covered = Array.from({ length: 4 }, (_, index) => {
      const into = new Uint8Array(12);
      coverSquare(grid, index, { ...SIZE, bytes }, Uint8Array.of(9), into);
      return Array.from(into, (value, at) => (value === 9 ? at : -1)).filter((at) => at >= 0);
    });
    expect(covered).toEqual([
      [0, 1, 4, 5],
      [2, 3, 6, 7],
      [8, 9],
      [10, 11],
    ]);
  });

  it('fills with the mean colour in the order of the bytes', () => {
    expect(meanColour([10.4, 20.6, 300], undefined)).toEqual(Uint8Array.of(10, 21, 255));
    expect(meanColour([1, 2, 3], 'bgr')).toEqual(Uint8Array.of(3, 2, 1));
  });

  it('spreads the values of the squares over the pixels that they cover', () => {
    const overlapping = spreadSquares(occlusionGrid(SIZE, { size: 3, stride: 1 }), [1, 3], SIZE);
    expect(Array.from(overlapping.values.subarray(0, 4))).toEqual([1, 2, 2, 3]);
    const apart = spreadSquares(occlusionGrid(SIZE, { size: 1, stride: 3 }), [1, 3], SIZE);
    expect(Array.from(apart.values.subarray(0, 8))).toEqual([1, 0, 0, 3, 0, 0, 0, 0]);
  });
});
