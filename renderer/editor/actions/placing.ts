import { entriesOf, keysOf } from '#core/diagnostics/entries.ts';
import { endpoint, splitEndpoint, type Endpoint } from '#core/document/endpoint.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { GraphDocument, Position } from '#core/document/schema.ts';
import type { Command } from '#core/edit/command.ts';
import { placeOf } from '#core/edit/place.ts';
import { newNodeId } from '#core/edit/newNodeId.ts';
import { targetsOf } from '#core/rewrites/graphEdits.ts';
import { CARD, PITCH } from '#core/layout/card.ts';
import { completeParams } from '#core/nodes/defaults.ts';
import { findDefinition } from '#core/nodes/registry.ts';
import { freePlace } from './freePlace.ts';

type Positions = Readonly<Record<NodeId, Position>>;

const placeIn = (document: GraphDocument, id: NodeId): Position =>
  placeOf(document.layout.positions, id) ?? { x: 0, y: 0 };

/** Input ports of a new block of `kind`. */
function inputsOf(kind: string): readonly string[] {
  const definition = findDefinition(kind);
  return definition ? definition.inputPorts(completeParams(definition, {})) : [];
}

const hasOutput = (kind: string): boolean => findDefinition(kind)?.outputPorts.includes('out') ?? false;

/** The lowest of some blocks on the canvas, after which the network continues. Null for none. */
export function lowestOf(document: GraphDocument, ids: Iterable<NodeId>): NodeId | null {
  return [...ids].toSorted((a, b) => placeIn(document, b).y - placeIn(document, a).y)[0] ?? null;
}

/** Moves that free the cell under `above`: if it is occupied, everything below it in its column moves down by one. */
function roomBelow(document: GraphDocument, above: Position): Command[] {
  const inColumn = entriesOf(document.layout.positions).filter(
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
 * Commands that add a block of `kind` under `after`, fed by it; the blocks that `after` fed are then fed by the new
 * block. A block without inputs, or after an Output, is not connected.
 */
export function commandsAfter(document: GraphDocument, after: NodeId, kind: string): Command[] {
  const source = hasOutput(document.graph.nodes[after]?.kind ?? '') ? endpoint(after, 'out') : null;
  const followers = source && hasOutput(kind) ? targetsOf(document.graph, source) : [];
  return commandsBehind(document, after, kind, source, followers);
}

/**
 * Commands that insert a block of `kind` into a wire, under the block that feeds it; null where it cannot be inserted.
 */
export function commandsOnWire(document: GraphDocument, wire: Endpoint, kind: string): Command[] | null {
  const source = document.graph.wires[wire];
  if (source === undefined || inputsOf(kind).length === 0 || !hasOutput(kind)) return null;
  return commandsBehind(document, splitEndpoint(source).node, kind, source, [wire]);
}

function commandsBehind(
  document: GraphDocument,
  above: NodeId,
  kind: string,
  source: Endpoint | null,
  followers: readonly Endpoint[],
): Command[] {
  const place = placeIn(document, above);
  const id = newNodeId(document.graph, kind);
  const position = { x: place.x, y: place.y + PITCH.y };
  const [port] = inputsOf(kind);
  const add: Command[] = [...roomBelow(document, place), { type: 'addNode', kind, position, id }];
  if (port === undefined || source === null) return add;
  return [
    ...add,
    ...followers.map((to): Command => ({ type: 'connect', from: endpoint(id, 'out'), to })),
    { type: 'connect', from: source, to: endpoint(id, port) },
  ];
}

/**
 * Commands that add a block where a wire from `from` was dropped, and connect it. `at` is the position of its port. If
 * the wire was drawn from an input that is already connected, the block is inserted into that wire.
 */
export function commandsAtPort(
  document: GraphDocument,
  kind: string,
  from: { readonly port: Endpoint; readonly side: 'in' | 'out' },
  at: Position,
): Command[] {
  const id = newNodeId(document.graph, kind);
  const y = from.side === 'out' ? at.y : at.y - CARD.height;
  const wanted = { x: Math.round(at.x - CARD.width / 2), y: Math.round(y) };
  const add: Command = { type: 'addNode', kind, position: freePlace(document, wanted), id };
  const [port] = inputsOf(kind);
  const source = from.side === 'out' ? from.port : document.graph.wires[from.port];
  return [
    add,
    ...(from.side === 'in' ? [{ type: 'connect' as const, from: endpoint(id, 'out'), to: from.port }] : []),
    ...(source !== undefined && port !== undefined
      ? [{ type: 'connect' as const, from: source, to: endpoint(id, port) }]
      : []),
  ];
}

/** Commands that insert a block without wires into the wire where it was dropped. */
export function commandsIntoWire(document: GraphDocument, id: NodeId, wire: Endpoint): Command[] | null {
  const { graph } = document;
  const source = graph.wires[wire];
  const kind = graph.nodes[id]?.kind ?? '';
  const [port] = inputsOf(kind);
  const isWired =
    keysOf(graph.wires).some((to) => splitEndpoint(to).node === id) ||
    targetsOf(graph, endpoint(id, 'out')).length > 0;
  if (source === undefined || port === undefined || !hasOutput(kind) || isWired) return null;
  return [
    { type: 'connect', from: endpoint(id, 'out'), to: wire },
    { type: 'connect', from: source, to: endpoint(id, port) },
  ];
}
