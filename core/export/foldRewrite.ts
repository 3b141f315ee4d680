import { entriesOf } from '../diagnostics/entries.ts';
import { must } from '../diagnostics/invariantError.ts';
import { endpoint, splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, GraphDocument, NodeRecord } from '../document/schema.ts';
import type { FoldDecision } from './foldPlan.ts';

/** The document without its folded blocks: their outgoing wires start at the layer before, which now has a bias. */
export function removeFolded(
  document: GraphDocument,
  decisions: readonly FoldDecision[],
): Pick<GraphDocument, 'graph' | 'layout'> {
  const intoOf = new Map<NodeId, NodeId>();
  for (const { node, into } of decisions) if (into !== null) intoOf.set(node, into);
  const positions = entriesOf(document.layout.positions).filter(([node]) => !intoOf.has(node));
  return {
    graph: removeFromGraph(document.graph, intoOf),
    layout: { positions: Object.fromEntries(positions) },
  };
}

function removeFromGraph(graph: Graph, intoOf: ReadonlyMap<NodeId, NodeId>): Graph {
  const layers = new Set(intoOf.values());
  const nodes = entriesOf(graph.nodes)
    .filter(([node]) => !intoOf.has(node))
    .map(([node, record]): [NodeId, NodeRecord] => [node, layers.has(node) ? withBias(record) : record]);
  const wires = entriesOf(graph.wires)
    .filter(([to]) => !intoOf.has(splitEndpoint(to).node))
    .map(([to, from]): [Endpoint, Endpoint] => [to, sourceAfter(from, intoOf)]);
  return { nodes: Object.fromEntries(nodes), wires: Object.fromEntries(wires) };
}

function sourceAfter(from: Endpoint, intoOf: ReadonlyMap<NodeId, NodeId>): Endpoint {
  const { node, port } = splitEndpoint(from);
  return intoOf.has(node) ? endpoint(must(intoOf.get(node), `layer before ${node}`), port) : from;
}

function withBias(record: NodeRecord): NodeRecord {
  return { ...record, params: { ...record.params, bias: true } };
}
