import { describe, expect, it } from 'vitest';
import { firstView, isSeen, LEAST_FIRST_ZOOM } from './viewMath.ts';

const size = { width: 1000, height: 500 };

describe('firstView', () => {
  it('shows a small network at its natural size, in the middle', () => {
    const view = firstView(size, { x: 0, y: 0, width: 200, height: 100 });
    expect(view).toEqual({ zoom: 1, x: 400, y: 200 });
  });
  it('shrinks a larger one so that all of it is seen', () => {
    const area = { x: -50, y: 30, width: 900, height: 600 };
    const view = firstView(size, area);
    expect(view.zoom).toBeCloseTo(452 / 600);
    expect(isSeen(size, area, view)).toBe(true);
  });
  it('shows the beginning of one that could not be read whole', () => {
    const view = firstView(size, { x: 0, y: 0, width: 200, height: 5000 });
    expect(view.zoom).toBe(LEAST_FIRST_ZOOM);
    expect(view.y).toBe(24);
  });
});

describe('isSeen', () => {
  const view = { x: 0, y: 0, zoom: 1 };
  it.each([
    [{ x: 10, y: 10, width: 100, height: 50 }, true],
    [{ x: -1, y: 10, width: 100, height: 50 }, false],
    [{ x: 950, y: 10, width: 100, height: 50 }, false],
    [{ x: 10, y: 460, width: 100, height: 50 }, false],
  ])('%j: %s', (area, seen) => {
    expect(isSeen(size, area, view)).toBe(seen);
  });
  it('is false for a block too small to be made out', () => {
    expect(isSeen(size, { x: 0, y: 0, width: 10, height: 10 }, { x: 100, y: 100, zoom: 0.2 })).toBe(false);
  });
});
