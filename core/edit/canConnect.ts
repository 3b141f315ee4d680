import { keysOf } from '../diagnostics/entries.ts';
import { endpoint, splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, GraphDocument } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { blockName, nodeOf, sourceOf, wiresOf } from '../graph/lookup.ts';
import type { GraphReport } from '../graph/shapedGraph.ts';
import { makeLinks, reachableFrom } from '../graph/topology.ts';
import { checkParams } from '../nodes/checkParams.ts';
import { completeParams } from '../nodes/defaults.ts';
import { findDefinition } from '../nodes/registry.ts';
import { message, type Message } from '../words/message.ts';

export type Connectable = { readonly ok: true } | { readonly ok: false; readonly reason: Message };

/**
 * Whether a wire may run from the output port `from` to the input port `to`, or why not, as a message for the pointer:
 * the ports exist, no cycle arises, and the shape fits as far as it is known. `report` is the document's, where the
 * caller already has it.
 */
export function canConnect(
  document: GraphDocument,
  from: Endpoint,
  to: Endpoint,
  report: Pick<GraphReport, 'shapes'> = checkGraph(document.graph),
): Connectable {
  const reason = wireRefusal(document.graph, from, to) ?? shapeRefusal(document.graph, from, to, report);
  return reason === null ? { ok: true } : { ok: false, reason };
}

/** Why the wire is impossible, whatever the shapes; null when it is possible. */
export function wireRefusal(graph: Graph, from: Endpoint, to: Endpoint): Message | null {
  const source = splitEndpoint(from);
  const target = splitEndpoint(to);
  const sourceRecord = nodeOf(graph, source.node);
  const targetRecord = nodeOf(graph, target.node);
  if (!sourceRecord) return message('edit.noBlock', { id: source.node });
  if (!targetRecord) return message('edit.noBlock', { id: target.node });
  const sourceName = blockName(source.node, sourceRecord);
  const targetName = blockName(target.node, targetRecord);
  const outputs = findDefinition(sourceRecord.kind)?.outputPorts;
  if (outputs && !outputs.includes(source.port)) {
    return message('edit.noOutput', { block: sourceName, port: source.port });
  }
  const definition = findDefinition(targetRecord.kind);
  const inputs = definition?.inputPorts(completeParams(definition, targetRecord.params));
  if (inputs && !inputs.includes(target.port))
    return message('edit.noInput', { block: targetName, port: target.port });
  if (source.node === target.node) return message('edit.feedsItself', { block: targetName });
  if (feeds(graph, target.node, source.node)) {
    return message('edit.circle', { source: sourceName, target: targetName });
  }
  return null;
}

/**
 * Cache by graph of the blocks that the last queried block feeds: a list of all sources queries the same block once per
 * source.
 */
const reached = new WeakMap<Graph, { readonly first: NodeId; readonly blocks: ReadonlySet<NodeId> }>();

/** Whether values of block `first` reach block `last`. */
function feeds(graph: Graph, first: NodeId, last: NodeId): boolean {
  const known = reached.get(graph);
  if (known?.first === first) return known.blocks.has(last);
  const blocks = blocksFedBy(graph, first);
  reached.set(graph, { first, blocks });
  return blocks.has(last);
}

function blocksFedBy(graph: Graph, first: NodeId): ReadonlySet<NodeId> {
  const wires = wiresOf(graph).filter(({ from, to }) => nodeOf(graph, from.node) && nodeOf(graph, to.node));
  const links = makeLinks(
    keysOf(graph.nodes),
    wires.map(({ from, to }) => [from.node, to.node]),
  );
  return reachableFrom([first], links.next);
}

/**
 * Why the shape of `from` does not fit at `to`; null when it fits or is not known yet. Input ports without a shape are
 * assumed to get the same one, so a merge can be checked before all its wires are connected.
 */
export function shapeRefusal(
  graph: Graph,
  from: Endpoint,
  to: Endpoint,
  report: Pick<GraphReport, 'shapes'>,
): Message | null {
  const shape = report.shapes.get(splitEndpoint(from).node);
  const { node } = splitEndpoint(to);
  const record = nodeOf(graph, node);
  const definition = record && findDefinition(record.kind);
  if (!shape || !definition || checkParams(definition, record.params).length > 0) return null;
  const params = completeParams(definition, record.params);
  const shapes = definition.inputPorts(params).map((port) => {
    const at = endpoint(node, port);
    const source = at === to ? from : sourceOf(graph, at);
    return (source && report.shapes.get(splitEndpoint(source).node)) ?? shape;
  });
  const result = definition.inferShape(params, shapes);
  if (result.ok) return null;
  const problem = result.problems[0]?.problem ?? message('blocks.doesNotFit');
  return message('graph.ofBlock', { block: blockName(node, record), problem });
}
