import type { NodeId } from '../diagnostics/ids.ts';
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

/** Where a block stands, or undefined. Own properties only: `constructor` is a legal block id. */
export function placeOf(positions: Readonly<Record<NodeId, Position>>, id: NodeId): Position | undefined {
  return Object.hasOwn(positions, id) ? positions[id] : undefined;
}
