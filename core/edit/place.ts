import type { Position } from '../document/schema.ts';

/** Farther out than any canvas goes; sums of places stay finite, as the project file needs them. */
const FARTHEST = 1e9;

/** `place` moved by whole pixels, within what a canvas can hold. */
export function movedBy(place: Position, dx: number, dy: number): Position {
  return { x: bounded(place.x + dx), y: bounded(place.y + dy) };
}

function bounded(pixels: number): number {
  return Number.isNaN(pixels) ? 0 : Math.min(Math.max(pixels, -FARTHEST), FARTHEST);
}
