import type { Position } from '../document/schema.ts';
import { crossesBox, intersect, piecesOf, sharedLength, type Box, type Piece } from './routeGeometry.ts';

/** A wire to route: from the lower edge of card `fromCard` to the upper edge of card `toCard`, in canvas pixels. */
export interface WireToRoute {
  readonly id: string;
  /** Wires of one source may share a lane. */
  readonly source: string;
  readonly fromCard: string;
  readonly toCard: string;
  readonly from: Position;
  readonly to: Position;
}

/** In pixels: length of the straight part at a port, distance of lanes from cards, and of lanes from each other. */
const STUB = 12;
const MARGIN = 14;
const TRACK = 8;
const CLEARANCE = 5;
const TRACKS = [0, 1, 2, 3, 4, 5];
const LEVEL_SHIFTS = [0, -5, 5, -10];
/** Only cards and wires this close to the two ports are considered as obstacles. */
const REACH = 420;
/** Number of lanes that are tried with every shift of their horizontal segments. */
const FINALISTS = 5;
/** Costs, in pixels of detour. */
const COST = { bend: 24, crossing: 14, shared: 160, card: 4000 } as const;

type Path = readonly Position[];

/** Obstacles for the wires still to be routed. */
interface Surroundings {
  readonly own: readonly Box[];
  readonly others: readonly Box[];
  readonly used: readonly UsedPiece[];
}
interface UsedPiece extends Piece {
  readonly source: string;
}

/**
 * Paths of all wires, as points whose segments are horizontal or vertical: straight down where nothing is in the way,
 * else beside the cards. Short wires are routed first, so they get the inner lanes; wires of different sources get
 * separate lanes. The same input always gives the same paths.
 */
export function routeWires(
  cards: ReadonlyMap<string, Box>,
  wires: readonly WireToRoute[],
): ReadonlyMap<string, Path> {
  const routes = new Map<string, Path>();
  const used: UsedPiece[] = [];
  for (const wire of wires.toSorted((a, b) => spanOf(a) - spanOf(b))) {
    const path = routeWire(wire, surroundingsOf(wire, cards, used));
    routes.set(wire.id, path);
    used.push(...piecesOf(path).map((piece) => ({ ...piece, source: wire.source })));
  }
  return routes;
}

function spanOf({ from, to }: WireToRoute): number {
  return Math.abs(to.y - from.y) + Math.abs(to.x - from.x);
}

function surroundingsOf(
  wire: WireToRoute,
  cards: ReadonlyMap<string, Box>,
  used: readonly UsedPiece[],
): Surroundings {
  const left = Math.min(wire.from.x, wire.to.x) - REACH;
  const right = Math.max(wire.from.x, wire.to.x) + REACH;
  const top = Math.min(wire.from.y, wire.to.y) - REACH;
  const bottom = Math.max(wire.from.y, wire.to.y) + REACH;
  const own: Box[] = [];
  const others: Box[] = [];
  for (const [id, box] of cards) {
    if (box.x > right || box.x + box.width < left || box.y > bottom || box.y + box.height < top) continue;
    (id === wire.fromCard || id === wire.toCard ? own : others).push(box);
  }
  const isNear = ({ isUpright, at, low, high }: UsedPiece): boolean =>
    isUpright
      ? at >= left && at <= right && high >= top && low <= bottom
      : at >= top && at <= bottom && high >= left && low <= right;
  return { own, others, used: used.filter((piece) => piece.source !== wire.source && isNear(piece)) };
}

/** The cheapest path; lanes beside the cards are tried only where the direct paths are obstructed. */
function routeWire(wire: WireToRoute, around: Surroundings): Path {
  const direct = directPaths(wire).map((path) => judge(path, around));
  const free = direct.find(({ obstruction }) => obstruction === 0);
  if (free) return free.path;
  const finalists = lanesOf(wire, around)
    .map((lane) => ({ lane, ...judge(lanePath(wire, lane, 0, 0), around) }))
    .toSorted((a, b) => a.cost - b.cost)
    .slice(0, FINALISTS);
  const shifted = finalists.flatMap(({ lane }) =>
    LEVEL_SHIFTS.flatMap((first) =>
      LEVEL_SHIFTS.map((last) => judge(lanePath(wire, lane, first, last), around)),
    ),
  );
  const [best] = [...direct, ...shifted].toSorted((a, b) => a.cost - b.cost);
  return best?.path ?? [wire.from, wire.to];
}

/** Straight down, or with one horizontal segment: near the target, near the source, or half way. */
function directPaths({ from, to }: WireToRoute): readonly Path[] {
  if (from.x === to.x && to.y >= from.y) return [[from, to]];
  if (to.y - from.y < 2 * STUB) return [];
  const levels = [to.y - STUB, from.y + STUB, Math.round((from.y + to.y) / 2)];
  return levels.map((y) => [from, { x: from.x, y }, { x: to.x, y }, to]);
}

/** Down from the port, horizontally to the lane at `x`, along it, and horizontally to the other port. */
function lanePath({ from, to }: WireToRoute, x: number, firstShift: number, lastShift: number): Path {
  const first = from.y + STUB + firstShift;
  const last = to.y - STUB + lastShift;
  return [from, { x: from.x, y: first }, { x, y: first }, { x, y: last }, { x: to.x, y: last }, to];
}

/** Vertical lanes on either side of the cards between the two ports, several next to each other. */
function lanesOf({ from, to }: WireToRoute, { own, others }: Surroundings): readonly number[] {
  const top = Math.min(from.y, to.y - STUB);
  const bottom = Math.max(from.y + STUB, to.y);
  const beside = [...own, ...others].filter((box) => box.y < bottom && box.y + box.height > top);
  const lanes = beside.flatMap((box) =>
    TRACKS.flatMap((track) => {
      const away = MARGIN + track * TRACK;
      return [box.x - away, box.x + box.width + away];
    }),
  );
  return [...new Set([...lanes, from.x, to.x])];
}

interface Judged {
  readonly path: Path;
  readonly cost: number;
  /** The part of the cost that is due to obstacles. */
  readonly obstruction: number;
}

function judge(path: Path, around: Surroundings): Judged {
  const pieces = piecesOf(path);
  const length = pieces.reduce((sum, { low, high }) => sum + high - low, 0);
  const obstruction = pieces.reduce((sum, piece) => sum + obstructionOf(piece, around), 0);
  return { path, obstruction, cost: length + COST.bend * (pieces.length - 1) + obstruction };
}

function obstructionOf(piece: Piece, { own, others, used }: Surroundings): number {
  let cost = 0;
  for (const box of own) if (crossesBox(piece, box)) cost += COST.card;
  for (const box of others) if (crossesBox(piece, box, CLEARANCE)) cost += COST.card;
  for (const other of used) {
    if (intersect(piece, other)) cost += COST.crossing;
    else if (sharedLength(piece, other, CLEARANCE) > 0) cost += COST.shared;
  }
  return cost;
}
