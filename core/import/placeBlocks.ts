import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, Position } from '../document/schema.ts';
import { nodeIds, wiresOf } from '../graph/lookup.ts';
import { makeLinks, topologicalOrder } from '../graph/topology.ts';
import { autoLayout } from '../layout/autoLayout.ts';
import { PITCH } from '../layout/card.ts';

/** Beyond these sizes the layered layout takes many seconds, and its recursion is too deep. */
const MOST_BLOCKS = 500;
/** Layers that all wires cross together. */
const MOST_CROSSINGS = 1500;
/** Blocks of one column of the plain layout. */
const COLUMN = 40;

/**
 * Positions of the blocks of a network from a file: in layers, or for a very large one column by column in the order of
 * computation. The graph has no cycle.
 */
export function placeBlocks(graph: Graph): Readonly<Record<NodeId, Position>> {
  const wires = wiresOf(graph).map(({ from, to }) => [from.node, to.node] as const);
  const links = makeLinks(nodeIds(graph), wires);
  const { order } = topologicalOrder(links);
  const layers = new Map<NodeId, number>();
  for (const id of order) {
    const sources = links.previous.get(id) ?? [];
    layers.set(
      id,
      sources.reduce((layer, source) => Math.max(layer, must(layers.get(source), source) + 1), 0),
    );
  }
  const layerOf = (id: NodeId): number => layers.get(id) ?? 0;
  const crossings = wires.reduce((sum, [from, to]) => sum + layerOf(to) - layerOf(from), 0);
  if (order.length <= MOST_BLOCKS && crossings <= MOST_CROSSINGS) return autoLayout(graph);
  return Object.fromEntries(
    order.map((id, index) => [
      id,
      { x: Math.floor(index / COLUMN) * PITCH.x, y: (index % COLUMN) * PITCH.y },
    ]),
  );
}
