import { endpoint, splitEndpoint, type Endpoint } from '#core/document/endpoint.ts';
import type { NodeId } from '#core/document/ids.ts';
import type { GraphDocument, Position } from '#core/document/schema.ts';
import type { Command } from '#core/edit/command.ts';
import { placeOf } from '#core/edit/place.ts';
import { newNodeId } from '#core/edit/newNodeId.ts';
import { targetsOf } from '#core/graph/graphEdits.ts';
import { CARD, PITCH } from '#core/graph/graphBuilder.ts';
import { completeParams } from '#core/nodes/defaults.ts';
import { findDefinition } from '#core/nodes/registry.ts';

type Positions = Readonly<Record<NodeId, Position>>;

const placeIn = (document: GraphDocument, id: NodeId): Position =>
  placeOf(document.layout.positions, id) ?? { x: 0, y: 0 };

/** Input ports of a new block of `kind`. */
function inputsOf(kind: string): readonly string[] {
  const definition = findDefinition(kind);
  return definition ? definition.inputPorts(completeParams(definition, {})) : [];
}

const hasOutput = (kind: string): boolean => findDefinition(kind)?.outputPorts.includes('out') ?? false;

/** The lowest block, whose output feeds nothing if there is such a one: where a network grows. */
export function lastBlock(document: GraphDocument): NodeId | null {
  const ids = Object.keys(document.graph.nodes) as NodeId[];
  const isOpen = (id: NodeId): boolean =>
    hasOutput(document.graph.nodes[id]?.kind ?? '') &&
    targetsOf(document.graph, endpoint(id, 'out')).length === 0;
  const open = ids.filter(isOpen);
  const candidates = open.length > 0 ? open : ids;
  return candidates.toSorted((a, b) => placeIn(document, b).y - placeIn(document, a).y)[0] ?? null;
}

/** Moves that clear the cell under `above`: everything below it in its column goes one down, if the cell is taken. */
function roomBelow(document: GraphDocument, above: Position): Command[] {
  const inColumn = (Object.entries(document.layout.positions) as [NodeId, Position][]).filter(
    ([, { x, y }]) => Math.abs(x - above.x) < CARD.width && y > above.y,
  );
  const isTaken = inColumn.some(([, { y }]) => y < above.y + PITCH.y + CARD.height);
  if (!isTaken) return [];
  const positions: Positions = Object.fromEntries(
    inColumn.map(([id, { x, y }]) => [id, { x, y: y + PITCH.y }]),
  );
  return [{ type: 'moveNodes', positions }];
}

/**
 * Commands that add a block of `kind` under `after`, fed by it; what `after` fed is then fed by the new block. Without `after`, at the
 * end of the network; a block without inputs or behind an Output stands alone.
 */
export function commandsAfter(document: GraphDocument, after: NodeId | null, kind: string): Command[] {
  const above = after ?? lastBlock(document);
  if (above === null) return [{ type: 'addNode', kind, position: { x: 0, y: 0 } }];
  const place = placeIn(document, above);
  const id = newNodeId(document.graph, kind);
  const position = { x: place.x, y: place.y + PITCH.y };
  const [port] = inputsOf(kind);
  const add: Command[] = [...roomBelow(document, place), { type: 'addNode', kind, position, id }];
  if (port === undefined || !hasOutput(document.graph.nodes[above]?.kind ?? '')) return add;
  const source = endpoint(above, 'out');
  const followers = hasOutput(kind) ? targetsOf(document.graph, source) : [];
  return [
    ...add,
    ...followers.map((to): Command => ({ type: 'connect', from: endpoint(id, 'out'), to })),
    { type: 'connect', from: source, to: endpoint(id, port) },
  ];
}

/** `wanted`, or the first place below it where the card would not cover the better part of another: blocks added in turn stay in sight. */
export function freePlace({ layout }: GraphDocument, wanted: Position): Position {
  const taken = Object.values(layout.positions);
  const covers = (place: Position): boolean =>
    taken.some(
      ({ x, y }) => Math.abs(x - place.x) < CARD.width / 2 && Math.abs(y - place.y) < CARD.height / 2,
    );
  let place = wanted;
  while (covers(place)) place = { x: place.x, y: place.y + PITCH.y };
  return place;
}

/** Commands that add a block where a wire from `from` was dropped, and connect it. `at` is where its port should be. */
export function commandsAtPort(
  document: GraphDocument,
  kind: string,
  from: { readonly port: Endpoint; readonly side: 'in' | 'out' },
  at: Position,
): Command[] {
  const id = newNodeId(document.graph, kind);
  const y = from.side === 'out' ? at.y : at.y - CARD.height;
  const position = { x: Math.round(at.x - CARD.width / 2), y: Math.round(y) };
  const add: Command = { type: 'addNode', kind, position, id };
  if (from.side === 'in') return [add, { type: 'connect', from: endpoint(id, 'out'), to: from.port }];
  const [port] = inputsOf(kind);
  if (port === undefined) return [add];
  return [add, { type: 'connect', from: from.port, to: endpoint(id, port) }];
}

/** Commands that put a block with no wires of its own into a wire, where it was dropped. */
export function commandsIntoWire(document: GraphDocument, id: NodeId, wire: Endpoint): Command[] | null {
  const { graph } = document;
  const source = graph.wires[wire];
  const kind = graph.nodes[id]?.kind ?? '';
  const [port] = inputsOf(kind);
  const isWired =
    Object.keys(graph.wires).some((to) => splitEndpoint(to as Endpoint).node === id) ||
    targetsOf(graph, endpoint(id, 'out')).length > 0;
  if (source === undefined || port === undefined || !hasOutput(kind) || isWired) return null;
  return [
    { type: 'connect', from: endpoint(id, 'out'), to: wire },
    { type: 'connect', from: source, to: endpoint(id, port) },
  ];
}
