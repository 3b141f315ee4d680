import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, Position } from '../document/schema.ts';
import { findDefinition } from '../nodes/registry.ts';
import { CARD } from './card.ts';
import { inputPortsOf, nodeIds, nodeOf, wiresOf } from '../graph/lookup.ts';
import type { Box } from './routeGeometry.ts';
import { routeWires, type WireToRoute } from './routeWires.ts';

type Positions = Readonly<Record<NodeId, Position>>;

const ORIGIN: Position = { x: 0, y: 0 };

/**
 * The paths of all wires of a graph laid out at `positions`, by input port: see `routeWires`. Wires with a missing end
 * have none.
 */
export function routesOf(graph: Graph, positions: Positions): ReadonlyMap<string, readonly Position[]> {
  return routeWires(cardsOf(graph, positions), wiresToRoute(graph, positions));
}

/** The cards' boxes, at their full height. */
export function cardsOf(graph: Graph, positions: Positions): ReadonlyMap<NodeId, Box> {
  return new Map(nodeIds(graph).map((id) => [id, { ...(positions[id] ?? ORIGIN), ...CARD }]));
}

function wiresToRoute(graph: Graph, positions: Positions): readonly WireToRoute[] {
  return wiresOf(graph).flatMap(({ target, source, from, to }) => {
    if (!nodeOf(graph, from.node) || !nodeOf(graph, to.node)) return [];
    const start = portPlace(positions[from.node], outputPortsOf(graph, from.node), from.port);
    const end = portPlace(positions[to.node], inputPortsOf(graph, to.node), to.port);
    return [
      {
        id: target,
        source,
        fromCard: from.node,
        toCard: to.node,
        from: { x: start.x, y: start.y + CARD.height },
        to: end,
      },
    ];
  });
}

function outputPortsOf(graph: Graph, id: NodeId): readonly string[] {
  return findDefinition(nodeOf(graph, id)?.kind ?? '')?.outputPorts ?? [];
}

/**
 * The place of a port on the upper edge of a card whose corner is at `corner`. Ports are spaced evenly over the card's
 * width; a port that is not in `ports` is placed in the middle.
 */
export function portPlace(corner: Position = ORIGIN, ports: readonly string[], port: string): Position {
  const at = ports.indexOf(port);
  const share = at < 0 ? 0.5 : (at + 1) / (ports.length + 1);
  return { x: corner.x + Math.round(CARD.width * share), y: corner.y };
}
