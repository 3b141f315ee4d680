import type { NodeId } from '../diagnostics/ids.ts';
import type { Position } from '../document/schema.ts';

/** Farther out than any canvas; sums of positions stay finite, as the project file requires. */
const FARTHEST = 1e9;

/** `place` moved by whole pixels and clamped to the canvas. */
export function movedBy(place: Position, dx: number, dy: number): Position {
  return { x: bounded(place.x + dx), y: bounded(place.y + dy) };
}

function bounded(pixels: number): number {
  return Number.isNaN(pixels) ? 0 : Math.min(Math.max(pixels, -FARTHEST), FARTHEST);
}

/** The position of a block, or undefined. Reads own properties only: `constructor` is a legal block id. */
export function placeOf(positions: Readonly<Record<NodeId, Position>>, id: NodeId): Position | undefined {
  return Object.hasOwn(positions, id) ? positions[id] : undefined;
}
