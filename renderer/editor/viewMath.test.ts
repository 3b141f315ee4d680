import { describe, expect, it } from 'vitest';
import { firstView, fittingView, isSeen, LEAST_FIRST_ZOOM } from './viewMath.ts';

const size = { width: 1000, height: 500 };

describe('firstView', () => {
  it('shows a small network at its natural size, in the middle', () => {
    const view = firstView(size, { x: 0, y: 0, width: 200, height: 100 });
    expect(view).toEqual({ zoom: 1, x: 400, y: 186 });
  });
  it('shrinks a larger one so that all of it is seen', () => {
    const area = { x: -50, y: 30, width: 900, height: 600 };
    const view = firstView(size, area);
    expect(view.zoom).toBeCloseTo(424 / 600);
    expect(isSeen(size, area, view)).toBe(true);
  });
  it('keeps clear of the map in the corner and of the zoom bar', () => {
    for (const area of [
      { x: 0, y: 0, width: 1500, height: 700 },
      { x: 0, y: 0, width: 2400, height: 300 },
      { x: 0, y: 0, width: 900, height: 1200 },
    ]) {
      const view = fittingView(size, area, 0.1);
      const right = view.x + area.width * view.zoom;
      const bottom = view.y + area.height * view.zoom;
      expect(bottom).toBeLessThanOrEqual(500 - 52);
      expect(right <= 1000 - 174 || bottom <= 500 - 120, JSON.stringify(area)).toBe(true);
    }
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
