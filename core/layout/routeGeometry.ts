import type { Position } from '../document/schema.ts';

/** A card's place on the canvas: top-left corner and size, in canvas pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** One straight piece of a wire, level or upright; `low` is not above `high` along its direction. */
export interface Piece {
  readonly isUpright: boolean;
  /** The coordinate that all its points share: x of an upright piece, y of a level one. */
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** The pieces of a polyline whose segments are level or upright; pieces of no length are left out. */
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
 * True when a piece passes through the inside of `box`, made larger by `clearance` on each side; touching its edge is
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

/** Pixels over which two parallel pieces run closer together than `distance`; 0 when they do not. */
export function sharedLength(a: Piece, b: Piece, distance: number): number {
  if (a.isUpright !== b.isUpright || Math.abs(a.at - b.at) >= distance) return 0;
  return Math.max(0, Math.min(a.high, b.high) - Math.max(a.low, b.low));
}

/** True when two pieces at right angles meet inside both. */
export function intersect(a: Piece, b: Piece): boolean {
  if (a.isUpright === b.isUpright) return false;
  return a.at > b.low && a.at < b.high && b.at > a.low && b.at < a.high;
}
