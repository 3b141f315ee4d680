import { entriesOf } from '../diagnostics/entries.ts';
import { splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, GraphDocument, NodeRecord } from '../document/schema.ts';
import type { FoldDecision } from './foldPlan.ts';

/**
 * The document without its folded blocks: their outgoing wires start where their input does, and the layers have a
 * bias.
 */
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
  /** The source of each folded block, which has one input. */
  const sources = new Map<NodeId, Endpoint>();
  for (const [to, from] of entriesOf(graph.wires)) {
    const { node } = splitEndpoint(to);
    if (intoOf.has(node)) sources.set(node, from);
  }
  const wires = entriesOf(graph.wires)
    .filter(([to]) => !intoOf.has(splitEndpoint(to).node))
    .map(([to, from]): [Endpoint, Endpoint] => [to, sourceBehind(from, sources)]);
  return { nodes: Object.fromEntries(nodes), wires: Object.fromEntries(wires) };
}

/** Two folded blocks may stand one after the other: one goes into the layer before, one into the layer after. */
function sourceBehind(from: Endpoint, sources: ReadonlyMap<NodeId, Endpoint>): Endpoint {
  const source = sources.get(splitEndpoint(from).node);
  return source === undefined ? from : sourceBehind(source, sources);
}

function withBias(record: NodeRecord): NodeRecord {
  return { ...record, params: { ...record.params, bias: true } };
}
