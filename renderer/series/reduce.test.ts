import { describe, expect, it } from 'vitest';
import { indicesIn, lowerBound, nearestIndex, reduceToMeans, reduceToPoints } from './reduce.ts';
import { SampleTable } from './series.ts';

const xs = Float64Array.of(1, 2, 4, 8);

describe('lowerBound and nearestIndex', () => {
  it('find the place of a value', () => {
    expect([0, 1, 3, 8, 9].map((value) => lowerBound(xs, value))).toEqual([0, 0, 2, 3, 4]);
    expect([-5, 1.4, 1.6, 3.1, 6.1, 100].map((value) => nearestIndex(xs, value))).toEqual([0, 0, 1, 2, 3, 3]);
    expect(nearestIndex(new Float64Array(0), 1)).toBe(-1);
  });
});

describe('indicesIn', () => {
  it('takes one neighbour on each side', () => {
    expect(indicesIn(xs, { from: 3, to: 5 })).toEqual({ start: 1, end: 4 });
    expect(indicesIn(xs, { from: -1, to: 99 })).toEqual({ start: 0, end: 4 });
  });
});

describe('reduceToPoints', () => {
  const whole = { from: -Infinity, to: Infinity };

  function table(values: readonly number[]): SampleTable {
    const made = new SampleTable(1);
    values.forEach((value, i) => made.append([i, i, i], [value]));
    return made;
  }

  it('gives short lines as they are', () => {
    const points = reduceToPoints(table([3, 1, 2]).history(0, 'step'), whole, 100);
    expect(points).toEqual([
      { x: 0, y: 3 },
      { x: 1, y: 1 },
      { x: 2, y: 2 },
    ]);
  });

  it('keeps every spike and the ends of a long line, in order, in few points', () => {
    const values = Array.from({ length: 10_000 }, () => 0.5);
    values[4321] = 99;
    values[7654] = -99;
    const points = reduceToPoints(table(values).history(0, 'step'), whole, 200);
    expect(points.length).toBeLessThanOrEqual(200 * 5);
    expect(points).toContainEqual({ x: 4321, y: 99 });
    expect(points).toContainEqual({ x: 7654, y: -99 });
    expect(points[0]?.x).toBe(0);
    expect(points.at(-1)?.x).toBe(9999);
    expect(points.every((point, i) => i === 0 || point.x >= (points[i - 1]?.x ?? NaN))).toBe(true);
  });

  it('keeps a gap where values are not finite', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i === 500 ? NaN : i));
    const points = reduceToPoints(table(values).history(0, 'step'), whole, 50);
    expect(points.some((point) => Number.isNaN(point.y))).toBe(true);
  });

  it('draws both ends of a bucket in the order in which they came', () => {
    const history = {
      x: Float64Array.of(1, 2),
      min: Float64Array.of(0, 0),
      max: Float64Array.of(1, 1),
      isRising: Uint8Array.of(1, 0),
    };
    expect(reduceToPoints(history, whole, 10).map((point) => point.y)).toEqual([0, 1, 1, 0]);
  });
});

describe('reduceToMeans', () => {
  const x = Float64Array.from({ length: 1000 }, (_, i) => i);
  const whole = { from: 0, to: 1000 };

  it('gives short lines as they are', () => {
    const points = reduceToMeans(xs, Float64Array.of(5, NaN, 7, 8), whole, 10);
    expect(points.map((point) => point.x)).toEqual([1, 2, 4, 8]);
    expect(points.map((point) => point.y)).toEqual([5, NaN, 7, 8]);
  });

  it('averages a slice and covers every entry once', () => {
    const points = reduceToMeans(x, x, whole, 30);
    expect(points.length).toBe(30);
    for (const point of points) expect(point.y).toBeCloseTo(point.x, 9);
    expect(points[0]?.y).toBeCloseTo(16, 9);
  });

  it('leaves a gap where nothing is finite', () => {
    const y = x.map((value) => (value < 500 ? NaN : 1));
    const points = reduceToMeans(x, y, whole, 10);
    expect(points.map((point) => Number.isNaN(point.y))).toEqual(Array.from({ length: 10 }, (_, i) => i < 5));
  });
});
