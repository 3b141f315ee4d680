import { describe, expect, it } from 'vitest';
import { roundedPath, routeBetween } from './wirePath.ts';

const route = [
  { x: 0, y: 0 },
  { x: 0, y: 12 },
  { x: 100, y: 12 },
  { x: 100, y: 200 },
  { x: 40, y: 200 },
  { x: 40, y: 212 },
];

describe('roundedPath', () => {
  it('is one line where there are two points, and rounds each corner no more than half of its shorter side', () => {
    expect(roundedPath(route.slice(0, 2))).toBe('M0 0L0 12');
    expect(roundedPath(route.slice(0, 3))).toBe('M0 0L0 6Q0 12 6 12L100 12');
  });
});

describe('routeBetween', () => {
  it('ends at the ports of cards that are lower than others, and keeps the rest', () => {
    const ends = routeBetween(route, { x: 1, y: -18 }, { x: 41, y: 212 });
    expect(ends?.map(({ x, y }) => [x, y])).toEqual([
      [1, -18],
      [1, 12],
      [100, 12],
      [100, 200],
      [41, 200],
      [41, 212],
    ]);
  });
  it('is null once a card was moved, or without a route', () => {
    expect(routeBetween(route, { x: 30, y: 0 }, { x: 40, y: 212 })).toBeNull();
    expect(routeBetween(route, { x: 0, y: 0 }, { x: 40, y: 260 })).toBeNull();
    expect(routeBetween(undefined, { x: 0, y: 0 }, { x: 40, y: 212 })).toBeNull();
  });
});
