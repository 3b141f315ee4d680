import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitText, placeLabels, wrapRows } from './labelRows.ts';

describe('labels along a line', () => {
  it('never meet, and stay inside', () => {
    const width = fc.integer({ min: 5, max: 200 });
    const label = fc.record({
      at: fc.integer({ min: 0, max: 500 }),
      widths: fc.array(width, { minLength: 1, maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(label, { maxLength: 12 }), (labels) => {
        const places = placeLabels(labels, { from: 0, to: 500 }, 3);
        const boxes = places.flatMap((place, i) =>
          place === null ? [] : [{ ...place, right: place.left + (labels[i]?.widths[place.choice] ?? NaN) }],
        );
        for (const [i, one] of boxes.entries()) {
          expect(one.left).toBeGreaterThanOrEqual(0);
          expect(one.right).toBeLessThanOrEqual(500);
          for (const other of boxes.slice(0, i)) {
            expect(other.row !== one.row || one.left > other.right || other.left > one.right).toBe(true);
          }
        }
      }),
    );
  });

  it('stand left of a place at the right end, and in shorter words where there is little room', () => {
    const within = { from: 0, to: 100 };
    expect(placeLabels([{ at: 95, widths: [40] }], within, 1)).toEqual([{ choice: 0, left: 49, row: 0 }]);
    expect(placeLabels([{ at: 50, widths: [90] }], within, 1)).toEqual([null]);
    expect(placeLabels([{ at: 50, widths: [90, 30] }], within, 1)).toEqual([{ choice: 1, left: 56, row: 0 }]);
  });
});

describe('rows of a legend', () => {
  it('are as full as they can be', () => {
    expect(wrapRows([40, 40, 40, 90, 10], 10, 100)).toEqual([[0, 1], [2], [3], [4]]);
    expect(wrapRows([40, 45, 300], 10, 100)).toEqual([[0, 1], [2]]);
    expect(wrapRows([], 10, 100)).toEqual([]);
  });

  it('keep the end of a name that does not fit', () => {
    const widthOf = (text: string): number => text.length;
    expect(fitText('birds 12', 20, widthOf)).toBe('birds 12');
    expect(fitText('a long name of birds 12', 11, widthOf)).toBe('a lon…ds 12');
    expect(fitText('long', 1, widthOf)).toBe('…');
  });
});
