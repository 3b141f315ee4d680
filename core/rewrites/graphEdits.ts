import { entriesOf } from '../diagnostics/entries.ts';
import { endpoint, splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, NodeRecord, ParamValue } from '../document/schema.ts';
import { nodeOf, wiresOf } from '../graph/lookup.ts';

/** The graph with block `id` added or replaced. */
export function withNode(graph: Graph, id: NodeId, record: NodeRecord): Graph {
  return { ...graph, nodes: { ...graph.nodes, [id]: record } };
}

/** The graph with one parameter set; unchanged when there is no such block. */
export function withParam(graph: Graph, id: NodeId, param: string, value: ParamValue): Graph {
  const record = nodeOf(graph, id);
  if (!record) return graph;
  return withNode(graph, id, { ...record, params: { ...record.params, [param]: value } });
}

/** The graph without these blocks and their wires. */
export function withoutNodes(graph: Graph, ids: ReadonlySet<NodeId>): Graph {
  const nodes = entriesOf(graph.nodes).filter(([id]) => !ids.has(id));
  const wires = wiresOf(graph).filter((wire) => !ids.has(wire.to.node) && !ids.has(wire.from.node));
  return {
    nodes: Object.fromEntries(nodes),
    wires: Object.fromEntries(wires.map((wire) => [wire.target, wire.source])),
  };
}

/** The graph with `source` connected to `target`, replacing its previous source. */
export function withWire(graph: Graph, target: Endpoint, source: Endpoint): Graph {
  return { ...graph, wires: { ...graph.wires, [target]: source } };
}

export function withoutWire(graph: Graph, target: Endpoint): Graph {
  return {
    ...graph,
    wires: Object.fromEntries(Object.entries(graph.wires).filter(([at]) => at !== target)),
  };
}

/** The input ports that `source` feeds, sorted. */
export function targetsOf(graph: Graph, source: Endpoint): readonly Endpoint[] {
  return wiresOf(graph)
    .filter((wire) => wire.source === source)
    .map((wire) => wire.target);
}

/** The graph with every wire from `before` moved to `after`. */
export function withSourceMoved(graph: Graph, before: Endpoint, after: Endpoint): Graph {
  const entries = entriesOf(graph.wires).map(([at, source]): [Endpoint, Endpoint] => [
    at,
    source === before ? after : source,
  ]);
  return { ...graph, wires: Object.fromEntries(entries) };
}

/** The blocks that `id` feeds through its port `out`, once per wire. */
export function followersOf(graph: Graph, id: NodeId): readonly NodeId[] {
  return targetsOf(graph, endpoint(id, 'out')).map((target) => splitEndpoint(target).node);
}
