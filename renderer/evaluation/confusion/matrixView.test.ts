import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boundedView,
  cellSize,
  mostZoom,
  placeAfterKey,
  placeAt,
  viewWith,
  visibleRange,
  WHOLE_MATRIX,
  zoomedView,
} from './matrixView.ts';

const frame = { left: 100, top: 60, width: 600, height: 400 };
const scenes = fc.record({
  classes: fc.integer({ min: 2, max: 1000 }),
  zoom: fc.double({ min: 1, max: 80, noNaN: true }),
  x: fc.double({ min: -500, max: 50_000, noNaN: true }),
  y: fc.double({ min: -500, max: 50_000, noNaN: true }),
});

describe('the view of the matrix', () => {
  it('shows all classes at first, whatever their number', () => {
    for (const classes of [2, 10, 200, 1000]) {
      const { width, height } = cellSize(frame, classes, 1);
      expect(width * classes).toBeLessThanOrEqual(frame.width + 1e-9);
      expect(height * classes).toBeLessThanOrEqual(frame.height + 1e-9);
      expect(cellSize(frame, classes, mostZoom(frame, classes)).height).toBeGreaterThanOrEqual(30 - 1e-9);
    }
  });

  it('never leaves the matrix, and finds a place from 2 to 1,000 classes', () => {
    fc.assert(
      fc.property(scenes, fc.nat(999), fc.nat(999), ({ classes, ...wanted }, a, b) => {
        const place = { row: a % classes, column: b % classes };
        const view = viewWith(place, boundedView(wanted, frame, classes), frame, classes);
        const { width, height } = cellSize(frame, classes, view.zoom);
        expect(view.x).toBeGreaterThanOrEqual(0);
        expect(view.x).toBeLessThanOrEqual(Math.max(0, width * classes - frame.width) + 1e-6);
        const middle = {
          x: frame.left + (place.column + 0.5) * width - view.x,
          y: frame.top + (place.row + 0.5) * height - view.y,
        };
        expect(placeAt(middle, view, frame, classes)).toEqual(place);
      }),
    );
  });

  it('keeps the cell under the pointer while it is enlarged', () => {
    const point = { x: 400, y: 260 };
    const scene = { frame, classes: 200 };
    const before = placeAt(point, WHOLE_MATRIX, frame, 200);
    const view = zoomedView(WHOLE_MATRIX, 4, point, scene);
    expect(view.zoom).toBe(4);
    expect(placeAt(point, view, frame, 200)).toEqual(before);
    expect(zoomedView(view, 1 / 100, point, scene)).toEqual(WHOLE_MATRIX);
  });

  it('has no cell beside the frame, and draws only the visible rows', () => {
    expect(placeAt({ x: 99, y: 100 }, WHOLE_MATRIX, frame, 10)).toBe(null);
    expect(placeAt({ x: 699, y: 470 }, WHOLE_MATRIX, frame, 10)).toBe(null);
    expect(visibleRange(95, 30, 100, 1000)).toEqual([3, 7]);
    expect(visibleRange(0, 30, 1000, 10)).toEqual([0, 10]);
  });

  it('is walked by keys', () => {
    expect(placeAfterKey('ArrowDown', null, 5)).toEqual({ row: 0, column: 0 });
    expect(placeAfterKey('ArrowRight', { row: 1, column: 4 }, 5)).toEqual({ row: 1, column: 4 });
    expect(placeAfterKey('Home', { row: 1, column: 4 }, 5)).toEqual({ row: 1, column: 0 });
    expect(placeAfterKey('PageDown', { row: 1, column: 4 }, 50)).toEqual({ row: 11, column: 4 });
    expect(placeAfterKey('Enter', { row: 1, column: 4 }, 5)).toBe(null);
  });
});
