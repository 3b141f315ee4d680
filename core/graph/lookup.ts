import { entriesOf, keysOf } from '../diagnostics/entries.ts';
import { compareText } from '../document/compareText.ts';
import { splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, NodeRecord } from '../document/schema.ts';
import { completeParams } from '../nodes/defaults.ts';
import { findDefinition } from '../nodes/registry.ts';
import { titleOf } from '../nodes/terms.ts';
import { message, type MessageValue } from '../words/message.ts';

export interface Wire {
  readonly target: Endpoint;
  readonly source: Endpoint;
  readonly to: { readonly node: NodeId; readonly port: string };
  readonly from: { readonly node: NodeId; readonly port: string };
}

/** The block `id`, or undefined. Reads own properties only: `constructor` is a legal block id. */
export function nodeOf(graph: Graph, id: NodeId): NodeRecord | undefined {
  return Object.hasOwn(graph.nodes, id) ? graph.nodes[id] : undefined;
}

/** The output port that feeds `target`, or undefined. */
export function sourceOf(graph: Graph, target: Endpoint): Endpoint | undefined {
  return Object.hasOwn(graph.wires, target) ? graph.wires[target] : undefined;
}

/** All block ids, sorted, so that results do not depend on the order in the file. */
export function nodeIds(graph: Graph): readonly NodeId[] {
  return keysOf(graph.nodes).sort(compareText);
}

/** All wires with both endpoints split, sorted by target. */
export function wiresOf(graph: Graph): readonly Wire[] {
  return entriesOf(graph.wires)
    .sort(([a], [b]) => compareText(a, b))
    .map(([target, source]) => ({
      target,
      source,
      to: splitEndpoint(target),
      from: splitEndpoint(source),
    }));
}

/** The name of a block in messages: its label, or the kind's title and its id. */
export function blockName(id: NodeId, record: NodeRecord): MessageValue {
  const label = record.label?.trim();
  if (label) return label;
  const definition = findDefinition(record.kind);
  return message('graph.block', { title: definition ? titleOf(definition) : record.kind, id });
}

/** Input ports of a block, as far as its kind is known. */
export function inputPortsOf(graph: Graph, id: NodeId): readonly string[] {
  const record = nodeOf(graph, id);
  const definition = record && findDefinition(record.kind);
  return definition ? definition.inputPorts(completeParams(definition, record.params)) : [];
}
