import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, GraphDocument } from '../document/schema.ts';
import { withNode, withoutWire, withParam } from '../rewrites/graphEdits.ts';
import { inputPortsOf, nodeOf, wiresOf } from '../graph/lookup.ts';
import { BATCH_NORM_PRESETS } from '../nodes/batchNormPresets.ts';
import { checkValue } from '../nodes/checkParams.ts';
import { findDefinition } from '../nodes/registry.ts';
import { titleOf } from '../nodes/terms.ts';
import type { CommandOf } from './command.ts';
import { changed, changedGraph, refused, type Outcome } from './outcome.ts';
import { message } from '../words/message.ts';

export function setParam(document: GraphDocument, command: CommandOf<'setParam'>): Outcome {
  const { node, param, value } = command;
  const record = nodeOf(document.graph, node);
  if (!record) return refused(message('edit.noBlock', { id: node }));
  const definition = findDefinition(record.kind);
  const known = definition ? Object.hasOwn(definition.params, param) : Object.hasOwn(record.params, param);
  if (!known)
    return refused(message('edit.noParam', { title: definition ? titleOf(definition) : record.kind, param }));
  if (Object.hasOwn(record.params, param) && record.params[param] === value) return changed(document);
  return changedGraph(document, dropLostPorts(withParam(document.graph, node, param, value), node));
}

/** Removes wires at ports that the block no longer has; a block with an invalid parameter keeps all its wires. */
function dropLostPorts(graph: Graph, node: NodeId): Graph {
  const record = nodeOf(graph, node);
  const spec = record && findDefinition(record.kind)?.params.inputs;
  const inputs = record?.params.inputs;
  if (!spec || inputs === undefined || checkValue('inputs', spec, inputs) !== null) return graph;
  const ports = inputPortsOf(graph, node);
  return wiresOf(graph)
    .filter((wire) => wire.to.node === node && !ports.includes(wire.to.port))
    .reduce((result, wire) => withoutWire(result, wire.target), graph);
}

export function removeParam(document: GraphDocument, command: CommandOf<'removeParam'>): Outcome {
  const record = nodeOf(document.graph, command.node);
  if (!record) return refused(message('edit.noBlock', { id: command.node }));
  if (!Object.hasOwn(record.params, command.param)) return changed(document);
  const params = Object.entries(record.params).filter(([name]) => name !== command.param);
  const graph = withNode(document.graph, command.node, { ...record, params: Object.fromEntries(params) });
  return changedGraph(document, graph);
}

export function setBatchNormPreset(
  document: GraphDocument,
  command: CommandOf<'setBatchNormPreset'>,
): Outcome {
  const wrong = command.nodes.find((id) => nodeOf(document.graph, id)?.kind !== 'batchNorm');
  if (wrong !== undefined) return refused(message('edit.notBatchNorm', { id: wrong }));
  const switches = Object.entries(BATCH_NORM_PRESETS[command.preset].switches);
  const graph = command.nodes.reduce(
    (outer, id) => switches.reduce((inner, [param, value]) => withParam(inner, id, param, value), outer),
    document.graph,
  );
  return changedGraph(document, graph);
}
