import { endpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, NodeRecord, Position } from '../document/schema.ts';
import { placeBlocks } from '../import/placeBlocks.ts';
import { CARD } from '../layout/card.ts';
import { routeWires } from '../layout/routeWires.ts';
import { portPlace } from '../layout/wireRoutes.ts';
import type { MergedGraph, MergedWire } from './mergeGraphs.ts';

/** Where the cards and wires of a merged graph are drawn, in canvas pixels. */
export interface MergedPlaces {
  /** Top-left corner of the card of each block. */
  readonly corners: ReadonlyMap<NodeId, Position>;
  /** The points of each wire, in the order of the graph's wires. */
  readonly routes: readonly (readonly Position[])[];
}

/** Lays out a merged graph as a network of its own: cards in layers, wires beside them. */
export function placeMerged(graph: MergedGraph): MergedPlaces {
  const positions = placeBlocks(layoutGraph(graph));
  const corners = new Map(graph.blocks.map(({ id }) => [id, positions[id] ?? { x: 0, y: 0 }]));
  return { corners, routes: routesOf(graph, corners) };
}

/** A graph for the layout alone: each wire has a port of its own, since two may end at one port of a merged block. */
function layoutGraph({ blocks, wires }: MergedGraph): Graph {
  const records = blocks.map(({ id, block }): [NodeId, NodeRecord] => [
    id,
    { kind: block.definition.kind, params: {} },
  ]);
  const ends = forwardWires(
    blocks.map(({ id }) => id),
    wires,
  ).map(({ from, to }, index): [Endpoint, Endpoint] => [
    endpoint(to.block, `wire${index}`),
    endpoint(from.block, from.port),
  ]);
  return { nodes: Object.fromEntries(records), wires: Object.fromEntries(ends) };
}

/** The wires without those that close a cycle, of which two networks without one may have some together. */
function forwardWires(ids: readonly NodeId[], wires: readonly MergedWire[]): readonly MergedWire[] {
  const leaving = new Map<NodeId, MergedWire[]>(ids.map((id) => [id, []]));
  for (const wire of wires) leaving.get(wire.from.block)?.push(wire);
  const states = new Map<NodeId, 'open' | 'done'>();
  const closing = new Set<MergedWire>();
  for (const id of ids) if (!states.has(id)) search(id, leaving, states, closing);
  return wires.filter((wire) => !closing.has(wire));
}

/** Depth first from a block: a wire to a block whose search is still open closes a cycle. */
function search(
  start: NodeId,
  leaving: ReadonlyMap<NodeId, readonly MergedWire[]>,
  states: Map<NodeId, 'open' | 'done'>,
  closing: Set<MergedWire>,
): void {
  const stack = [{ id: start, next: 0 }];
  states.set(start, 'open');
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const wire = leaving.get(top.id)?.[top.next];
    top.next += 1;
    if (wire === undefined) {
      states.set(top.id, 'done');
      stack.pop();
      continue;
    }
    const state = states.get(wire.to.block);
    if (state === 'open') closing.add(wire);
    if (state !== undefined) continue;
    states.set(wire.to.block, 'open');
    stack.push({ id: wire.to.block, next: 0 });
  }
}

function routesOf({ blocks, wires }: MergedGraph, corners: MergedPlaces['corners']): MergedPlaces['routes'] {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const cards = new Map([...corners].map(([id, corner]) => [id, { ...corner, ...CARD }]));
  const asked = wires.map(({ from, to }, index) => {
    const start = portPlace(corners.get(from.block), byId.get(from.block)?.outputs ?? [], from.port);
    const end = portPlace(corners.get(to.block), byId.get(to.block)?.inputs ?? [], to.port);
    return {
      ...{ id: String(index), source: `${from.block}.${from.port}` },
      ...{ fromCard: from.block, toCard: to.block },
      ...{ from: { x: start.x, y: start.y + CARD.height }, to: end },
    };
  });
  const routes = routeWires(cards, asked);
  return wires.map((_, index) => routes.get(String(index)) ?? []);
}
