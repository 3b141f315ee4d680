import { entriesOf } from '../diagnostics/entries.ts';
import { endpoint, splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, GraphDocument, NodeRecord, Params, Position } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { targetsOf, withNode, withoutNodes, withoutWire, withSourceMoved } from '../rewrites/graphEdits.ts';
import { inputPortsOf, nodeOf, sourceOf, wiresOf } from '../graph/lookup.ts';
import { checkValue } from '../nodes/checkParams.ts';
import { completeParams } from '../nodes/defaults.ts';
import type { NodeDefinition } from '../nodes/definition.ts';
import { findDefinition } from '../nodes/registry.ts';
import { titleOf } from '../nodes/terms.ts';
import { shapeRefusal } from './canConnect.ts';
import type { CommandOf } from './command.ts';
import { newNodeId } from './newNodeId.ts';
import { changed, changedGraph, refused, type Outcome } from './outcome.ts';
import { message, type Message } from '../words/message.ts';

interface NewNode {
  readonly kind: string;
  readonly position: Position;
  readonly id?: NodeId | undefined;
  readonly params?: Params | undefined;
}

/** The document with a new, unconnected block, and the block's id; or why it was refused. */
export function placeNode(
  document: GraphDocument,
  { kind, position, id, params = {} }: NewNode,
): { readonly document: GraphDocument; readonly id: NodeId } | { readonly reason: Message } {
  const definition = findDefinition(kind);
  if (!definition) return { reason: message('edit.noKind', { kind }) };
  if (id !== undefined && nodeOf(document.graph, id)) return { reason: message('edit.blockExists', { id }) };
  const unknown = Object.keys(params).find((name) => !Object.hasOwn(definition.params, name));
  if (unknown !== undefined)
    return { reason: message('edit.noParam', { title: titleOf(definition), param: unknown }) };
  const node = id ?? newNodeId(document.graph, kind);
  const record = { kind, params: completeParams(definition, params) };
  return {
    id: node,
    document: {
      ...document,
      graph: withNode(document.graph, node, record),
      layout: { positions: { ...document.layout.positions, [node]: position } },
    },
  };
}

export function addNode(document: GraphDocument, command: CommandOf<'addNode'>): Outcome {
  const placed = placeNode(document, command);
  return 'reason' in placed ? refused(placed.reason) : changed(placed.document);
}

export function removeNodes(document: GraphDocument, command: CommandOf<'removeNodes'>): Outcome {
  const missing = command.nodes.find((id) => !nodeOf(document.graph, id));
  if (missing !== undefined) return refused(message('edit.noBlock', { id: missing }));
  if (command.nodes.length === 0) return changed(document);
  const gone = new Set(command.nodes);
  const bridged = command.reconnect ? bridge(document.graph, gone) : { graph: document.graph, targets: [] };
  const positions = entriesOf(document.layout.positions).filter(([id]) => !gone.has(id));
  return changed({
    ...document,
    graph: dropMisfits(withoutNodes(bridged.graph, gone), bridged.targets),
    layout: { positions: Object.fromEntries(positions) },
  });
}

interface Bridged {
  readonly graph: Graph;
  /** Input ports whose source changed. */
  readonly targets: readonly Endpoint[];
}

/**
 * Connects the source of each removed block of one input to the blocks it fed; a chain of removed blocks is bridged as
 * one.
 */
function bridge(graph: Graph, gone: ReadonlySet<NodeId>): Bridged {
  let result = graph;
  const targets = new Set<Endpoint>();
  for (const id of gone) {
    const inputs = wiresOf(result).filter((wire) => wire.to.node === id);
    const source = inputPortsOf(result, id).length === 1 ? inputs[0]?.source : undefined;
    if (source === undefined || splitEndpoint(source).node === id) continue;
    const out = endpoint(id, 'out');
    for (const target of targetsOf(result, out)) targets.add(target);
    result = withSourceMoved(result, out, source);
  }
  return { graph: result, targets: [...targets] };
}

/** Removes those of the new wires whose shapes do not fit. */
function dropMisfits(graph: Graph, targets: readonly Endpoint[]): Graph {
  const wired = targets.filter((target) => sourceOf(graph, target) !== undefined);
  if (wired.length === 0) return graph;
  const report = checkGraph(graph);
  return wired.reduce((result, target) => {
    const source = sourceOf(graph, target);
    const fits = source === undefined || shapeRefusal(graph, source, target, report) === null;
    return fits ? result : withoutWire(result, target);
  }, graph);
}

export function replaceNode(document: GraphDocument, { node, kind }: CommandOf<'replaceNode'>): Outcome {
  const record = nodeOf(document.graph, node);
  const definition = findDefinition(kind);
  if (!record) return refused(message('edit.noBlock', { id: node }));
  if (!definition) return refused(message('edit.noKind', { kind }));
  if (record.kind === kind) return changed(document);
  const replaced: NodeRecord = { ...record, kind, params: carriedParams(definition, record.params) };
  const before = inputPortsOf(document.graph, node);
  const graph = withNode(document.graph, node, replaced);
  const kept = movePorts(graph, node, before, inputPortsOf(graph, node));
  const out = endpoint(node, 'out');
  const lost = definition.outputPorts.includes('out') ? [] : targetsOf(kept, out);
  return changedGraph(document, lost.reduce(withoutWire, kept));
}

/** Parameter values that are valid for the new kind too; defaults for the rest. */
function carriedParams(definition: NodeDefinition, params: Params): Params {
  const fitting = Object.entries(params).filter(([name, value]) => {
    const spec = Object.hasOwn(definition.params, name) ? definition.params[name] : undefined;
    return spec !== undefined && checkValue(name, spec, value) === null;
  });
  return completeParams(definition, Object.fromEntries(fitting));
}

/** Moves wires to the port at the same index; wires whose port has no counterpart are removed. */
function movePorts(graph: Graph, node: NodeId, before: readonly string[], after: readonly string[]): Graph {
  const wires = wiresOf(graph).flatMap((wire): [Endpoint, Endpoint][] => {
    if (wire.to.node !== node) return [[wire.target, wire.source]];
    const port = after[before.indexOf(wire.to.port)];
    return port === undefined ? [] : [[endpoint(node, port), wire.source]];
  });
  return { ...graph, wires: Object.fromEntries(wires) };
}

export function setLabel(document: GraphDocument, { node, label }: CommandOf<'setLabel'>): Outcome {
  const record = nodeOf(document.graph, node);
  if (!record) return refused(message('edit.noBlock', { id: node }));
  const { label: before, ...rest } = record;
  const wanted = label?.trim() ?? '';
  if (wanted === (before ?? '')) return changed(document);
  return changedGraph(
    document,
    withNode(document.graph, node, wanted === '' ? rest : { ...rest, label: wanted }),
  );
}
