import { Graph as LayoutGraph, layout } from '@dagrejs/dagre';
import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, Position } from '../document/schema.ts';
import { CARD } from './card.ts';
import { foldColumns, type PlacedCard } from './foldColumns.ts';
import { nodeIds, nodeOf, wiresOf, type Wire } from '../graph/lookup.ts';

export type LayoutDirection = 'down' | 'right';

/** Pixels between neighbouring cards of a layer, between layers, and between folded columns. */
const GAP = { neighbour: 40, layer: 32, column: 80 } as const;

/**
 * Top-left corners of all cards in layers (dagre: Sugiyama's method); long networks are folded into columns. Cards are
 * 184 × 72 px, and the layout starts at 0, 0. Deterministic: the same graph always gives the same positions.
 */
export function autoLayout(
  graph: Graph,
  direction: LayoutDirection = 'down',
): Readonly<Record<NodeId, Position>> {
  const down = direction === 'down';
  const wires = wiresOf(graph).filter(
    ({ from, to }) => nodeOf(graph, from.node) && nodeOf(graph, to.node) && from.node !== to.node,
  );
  const cards = placeCards(nodeIds(graph), wires, down);
  const links = wires.map(({ from, to }) => [from.node, to.node] as const);
  const cardSize = down ? CARD.width : CARD.height;
  const folded = foldColumns(cards, links, { gap: GAP.column, cardSize });
  return Object.fromEntries(
    folded.map(({ id, along, across }) => [id, down ? { x: across, y: along } : { x: along, y: across }]),
  );
}

/** A name that no property of objects has: dagre takes a block called `constructor` for one that is there already. */
const nameOf = (id: NodeId): string => `#${id}`;

function placeCards(ids: readonly NodeId[], wires: readonly Wire[], down: boolean): readonly PlacedCard[] {
  const canvas = new LayoutGraph({ multigraph: true });
  canvas.setGraph({
    rankdir: down ? 'TB' : 'LR',
    nodesep: GAP.neighbour,
    ranksep: GAP.layer,
    ranker: 'tight-tree',
  });
  for (const id of ids) canvas.setNode(nameOf(id), { ...CARD });
  for (const { from, to, target } of wires) canvas.setEdge(nameOf(from.node), nameOf(to.node), {}, target);
  layout(canvas);
  const corners = ids.map((id) => {
    const { x, y } = must(canvas.node(nameOf(id)), `layout of ${id}`) as Position;
    const corner = { x: Math.round(x - CARD.width / 2), y: Math.round(y - CARD.height / 2) };
    return down ? { id, along: corner.y, across: corner.x } : { id, along: corner.x, across: corner.y };
  });
  const levels = [...new Set(corners.map((corner) => corner.along))].sort((a, b) => a - b);
  const layerAt = new Map(levels.map((level, index) => [level, index]));
  return corners.map((corner) => ({ ...corner, layer: layerAt.get(corner.along) ?? 0 }));
}
