import type { Position } from '../document/schema.ts';

/** A card's place on the canvas: top-left corner and size, in canvas pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A straight segment of a wire, horizontal or vertical; `low` is not above `high` along its direction. */
export interface Piece {
  readonly isUpright: boolean;
  /** The coordinate that all its points share: x of a vertical segment, y of a horizontal one. */
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** The segments of a polyline whose segments are horizontal or vertical; those of length 0 are left out. */
export function piecesOf(points: readonly Position[]): readonly Piece[] {
  return points.slice(1).flatMap((to, index) => {
    const from = points[index];
    if (!from || (from.x === to.x && from.y === to.y)) return [];
    const isUpright = from.x === to.x;
    const [a, b] = isUpright ? [from.y, to.y] : [from.x, to.x];
    return [{ isUpright, at: isUpright ? from.x : from.y, low: Math.min(a, b), high: Math.max(a, b) }];
  });
}

/**
 * True when a segment passes through the inside of `box`, enlarged by `clearance` on each side; touching its edge is
 * allowed.
 */
export function crossesBox(piece: Piece, box: Box, clearance = 0): boolean {
  const [across, acrossSize, along, alongSize] = piece.isUpright
    ? [box.x, box.width, box.y, box.height]
    : [box.y, box.height, box.x, box.width];
  return (
    piece.at > across - clearance &&
    piece.at < across + acrossSize + clearance &&
    piece.high > along - clearance &&
    piece.low < along + alongSize + clearance
  );
}

/** Length in pixels over which two parallel segments are closer together than `distance`; 0 when they never are. */
export function sharedLength(a: Piece, b: Piece, distance: number): number {
  if (a.isUpright !== b.isUpright || Math.abs(a.at - b.at) >= distance) return 0;
  return Math.max(0, Math.min(a.high, b.high) - Math.max(a.low, b.low));
}

/** True when two perpendicular segments cross inside both. */
export function intersect(a: Piece, b: Piece): boolean {
  if (a.isUpright === b.isUpright) return false;
  return a.at > b.low && a.at < b.high && b.at > a.low && b.at < a.high;
}
