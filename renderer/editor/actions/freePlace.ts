import type { GraphDocument, Position } from '#core/document/schema.ts';
import { CARD } from '#core/layout/card.ts';
import { crossesBox, piecesOf, type Box, type Piece } from '#core/layout/routeGeometry.ts';
import { cardsOf, routesOf } from '#core/layout/wireRoutes.ts';
import type { Room } from '../state/canvasStore.ts';

/** Canvas pixels between a new card and its neighbours. */
const GAP = 16;
const STEP = 20;
/** Search radius around the wanted place. */
const REACH = 1200;

const ANYWHERE: Room = { view: null, covered: [] };

/**
 * `wanted`, or the nearest place where a card covers no other, within the visible area if possible. Positions are
 * top-left corners.
 */
export function freePlace(document: GraphDocument, wanted: Position, room: Room = ANYWHERE): Position {
  const taken = [...cardsOf(document.graph, document.layout.positions).values()];
  const isFree = (place: Position): boolean => !taken.some((box) => isOver(place, box, GAP));
  const isOpen = (place: Position): boolean => isFree(place) && isSeen(place, room);
  if (room.view === null ? !taken.some((box) => isOver(wanted, box, 0)) : isOpen(wanted)) return wanted;
  const places = placesAround(wanted);
  return places.find(isOpen) ?? places.find(isFree) ?? below(taken, wanted);
}

/**
 * The same for a block without wires. Where possible it does not lie on a wire either, since it would look connected.
 */
export function freePlaceOffWires(document: GraphDocument, wanted: Position, room: Room): Position {
  const wires = [...routesOf(document.graph, document.layout.positions).values()].flatMap(piecesOf);
  const taken = [...cardsOf(document.graph, document.layout.positions).values()];
  const isClear = (place: Position): boolean =>
    isSeen(place, room) &&
    !taken.some((box) => isOver(place, box, GAP)) &&
    !wires.some((wire: Piece) => crossesBox(wire, { ...place, ...CARD }, GAP / 2));
  const clear = isClear(wanted) ? wanted : placesAround(wanted).find(isClear);
  return clear ?? freePlace(document, wanted, room);
}

function isOver(place: Position, box: Box, gap: number): boolean {
  return (
    place.x < box.x + box.width + gap &&
    place.x + CARD.width + gap > box.x &&
    place.y < box.y + box.height + gap &&
    place.y + CARD.height + gap > box.y
  );
}

function isSeen(place: Position, { view, covered }: Room): boolean {
  if (covered.some((box) => isOver(place, box, 0))) return false;
  if (view === null) return true;
  return (
    place.x >= view.x &&
    place.y >= view.y &&
    place.x + CARD.width <= view.x + view.width &&
    place.y + CARD.height <= view.y + view.height
  );
}

/** Places on a grid around `wanted`, nearest first. */
function placesAround(wanted: Position): readonly Position[] {
  const offsets: Position[] = [];
  for (let x = -REACH; x <= REACH; x += STEP)
    for (let y = -REACH; y <= REACH; y += STEP) offsets.push({ x, y });
  return offsets
    .toSorted((a, b) => Math.hypot(a.x, a.y) - Math.hypot(b.x, b.y))
    .map((offset) => ({ x: wanted.x + offset.x, y: wanted.y + offset.y }));
}

function below(taken: readonly Box[], wanted: Position): Position {
  return { x: wanted.x, y: Math.max(...taken.map((box) => box.y + box.height)) + GAP };
}
