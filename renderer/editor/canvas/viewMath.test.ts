import { describe, expect, it } from 'vitest';
import {
  EDGE_PX,
  firstView,
  fittingView,
  isAtEdge,
  isSeen,
  LEAST_FIRST_ZOOM,
  MARGIN_PX,
  roomOf,
  viewShowing,
} from './viewMath.ts';

const size = { width: 1000, height: 500 };

describe('firstView', () => {
  it('shows a small network at its natural size, in the middle', () => {
    const view = firstView(size, { x: 0, y: 0, width: 200, height: 100 });
    expect(view).toEqual({ zoom: 1, x: 400, y: 198 });
  });
  it('shrinks a larger one so that all of it is seen', () => {
    const area = { x: -50, y: 30, width: 900, height: 600 };
    const view = firstView(size, area);
    expect(view.zoom).toBeCloseTo(400 / 600);
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
      expect(right < 1000 - 173.99 || bottom < 500 - 119.99, JSON.stringify(area)).toBe(true);
    }
  });
  it('shows the beginning of one that could not be read whole', () => {
    const view = firstView(size, { x: 0, y: 0, width: 200, height: 5000 });
    expect(view.zoom).toBe(LEAST_FIRST_ZOOM);
    expect(view.y).toBe(MARGIN_PX);
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

describe('the edge at which the canvas moves by itself', () => {
  it('lies outside everything that fitting shows', () => {
    expect(MARGIN_PX).toBeGreaterThan(EDGE_PX + 20);
    const area = { x: 0, y: 0, width: 2000, height: 400 };
    const view = fittingView(size, area, 0.1);
    const port = { x: view.x + 92 * view.zoom, y: view.y };
    expect(isAtEdge({ x: 0, y: 0, ...size }, port)).toBe(false);
  });
  it('is a narrow band inside the canvas, and everything outside', () => {
    const box = { x: 100, y: 40, ...size };
    expect(isAtEdge(box, { x: 150, y: 60 })).toBe(false);
    expect(isAtEdge(box, { x: 103, y: 60 })).toBe(true);
    expect(isAtEdge(box, { x: 150, y: 20 })).toBe(true);
    expect(isAtEdge(box, { x: 1200, y: 60 })).toBe(true);
  });
});

describe('viewShowing', () => {
  const view = { x: 0, y: 0, zoom: 0.5 };
  it('moves as little as needed, and not at all for what is seen', () => {
    expect(viewShowing(size, { x: 100, y: 100, width: 184, height: 72 }, view)).toEqual(view);
    const moved = viewShowing(size, { x: 1990, y: 100, width: 184, height: 72 }, view);
    expect(moved).toEqual({ x: -(1087 - 984), y: 0, zoom: 0.5 });
    expect(viewShowing(size, { x: 100, y: -300, width: 184, height: 72 }, view).y).toBe(166);
  });
});

describe('roomOf', () => {
  it('is what is seen, in canvas pixels, without the map', () => {
    const { view, covered } = roomOf(size, { x: 100, y: 0, zoom: 2 });
    expect(view).toEqual({ x: -42, y: 8, width: 484, height: 216 });
    expect(covered[0]).toMatchObject({ x: 363, y: 190 });
  });
});
