import { entriesOf } from '../../diagnostics/entries.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { endpoint, splitEndpoint, type Endpoint } from '../../document/endpoint.ts';
import { toNodeId, type NodeId } from '../../diagnostics/ids.ts';
import type { Graph, GraphDocument, Params } from '../../document/schema.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import { slotsOf } from '../../import/slots.ts';
import { openStream } from '../../training/random.ts';
import type { SlotValue } from '../../import/foreignModel.ts';
import type { ComparableNetwork, NamedTensor } from '../comparable.ts';

/** For tests: the network of a document. The values of each slot are positive, and decided by `seed` and its place. */
export function networkOf(document: GraphDocument, seed = 1): ComparableNetwork {
  const graph = must(checkGraph(document.graph).graph, 'graph');
  const random = openStream(seed, 'values');
  const values = slotsOf(graph, document.training).map(({ name, dims, size }): [string, SlotValue] => {
    const elements = Float32Array.from({ length: size }, () => random.uniform());
    return [name, valueOf(name, dims, elements)];
  });
  const rest = { format: 'normlab' as const, architecture: null };
  const network = { document, graph, values: new Map(values), ...rest };
  return { kind: 'network', network, tensors: null, rest: [], unread: [] };
}

function valueOf(name: string, dims: readonly number[], values: Float32Array<ArrayBuffer>): SlotValue {
  return { dims, from: [name], transposed: false, read: () => values.slice() };
}

/** The model with some elements of one slot replaced, by index; null: without the slot. */
export function withValues(
  model: ComparableNetwork,
  name: string,
  change: Readonly<Record<number, number>> | null,
): ComparableNetwork {
  const values = new Map(model.network.values);
  const old = must(values.get(name), name);
  values.delete(name);
  if (change !== null) {
    const changed = old.read();
    for (const [index, value] of Object.entries(change)) changed[Number(index)] = value;
    values.set(name, valueOf(name, old.dims, changed));
  }
  return { ...model, network: { ...model.network, values } };
}

/** The document with some parameters of one block replaced. */
export function withParams(document: GraphDocument, id: string, params: Params): GraphDocument {
  const node = toNodeId(id);
  const record = must(document.graph.nodes[node], id);
  const nodes = {
    ...document.graph.nodes,
    [node]: { ...record, params: { ...record.params, ...params } },
  };
  return { ...document, graph: { ...document.graph, nodes } };
}

/** The document with other block ids; wires follow. */
export function renamed(document: GraphDocument, rename: (id: NodeId) => string): GraphDocument {
  const at = (port: Endpoint): Endpoint => {
    const { node, port: name } = splitEndpoint(port);
    return endpoint(toNodeId(rename(node)), name);
  };
  const nodes: Record<NodeId, Graph['nodes'][NodeId]> = {};
  for (const [id, record] of entriesOf(document.graph.nodes)) nodes[toNodeId(rename(id))] = record;
  const wires: Record<Endpoint, Endpoint> = {};
  for (const [to, from] of entriesOf(document.graph.wires)) wires[at(to)] = at(from);
  return { ...document, graph: { nodes, wires } };
}

/** A tensor with these elements, a vector. */
export function vector(name: string, ...elements: readonly number[]): NamedTensor {
  return { name, dims: [elements.length], read: () => Float32Array.from(elements) };
}
