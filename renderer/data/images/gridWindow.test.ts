import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellAfterKey, gridWindow } from './gridWindow.ts';

const HEIGHT = 90;

describe('gridWindow', () => {
  it('draws every cell in sight, and never more than fit with two spare rows on either side', () => {
    const sizes = fc.record({
      count: fc.integer({ min: 0, max: 1_000_000 }),
      width: fc.integer({ min: 0, max: 3000 }),
      height: fc.integer({ min: 1, max: 2000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(sizes, ({ count, width, height, share }) => {
        const columns = Math.max(1, Math.floor(width / 76));
        const all = Math.ceil(count / columns) * HEIGHT;
        const scrolled = share * Math.max(0, all - height);
        const view = gridWindow(count, { width: 76, height: HEIGHT }, { width, height, scrolled });
        expect(view.height).toBe(all);
        expect(view.from % columns).toBe(0);
        expect(view.top).toBe((view.from / columns) * HEIGHT);
        const firstInSight = Math.floor(scrolled / HEIGHT) * columns;
        const lastInSight = Math.min(count, Math.ceil((scrolled + height) / HEIGHT) * columns);
        expect(view.from).toBeLessThanOrEqual(firstInSight);
        expect(view.to).toBeGreaterThanOrEqual(lastInSight);
        expect(view.to - view.from).toBeLessThanOrEqual(view.cells);
        expect(view.cells).toBeLessThanOrEqual((Math.ceil(height / HEIGHT) + 6) * columns);
      }),
    );
  });
});

describe('cellAfterKey', () => {
  const box = { columns: 5, page: 15, count: 52 };
  it('moves by a cell, a row, a page, and to either end', () => {
    expect(cellAfterKey('ArrowRight', 7, box)).toBe(8);
    expect(cellAfterKey('ArrowUp', 7, box)).toBe(2);
    expect(cellAfterKey('PageDown', 7, box)).toBe(22);
    expect(cellAfterKey('End', 7, box)).toBe(51);
    expect(cellAfterKey('Home', 7, box)).toBe(0);
  });

  it('stays inside, starts at the first cell, and leaves other keys alone', () => {
    expect(cellAfterKey('ArrowDown', 50, box)).toBe(51);
    expect(cellAfterKey('ArrowLeft', 0, box)).toBe(0);
    expect(cellAfterKey('ArrowDown', null, box)).toBe(0);
    expect(cellAfterKey('ArrowDown', null, { ...box, count: 0 })).toBe(null);
    expect(cellAfterKey('a', 7, box)).toBe(null);
  });
});
