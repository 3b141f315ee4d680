import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Endpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, NodeRecord } from '../document/schema.ts';
import { checkParams, type ParamProblem } from '../nodes/checkParams.ts';
import { completeParams } from '../nodes/defaults.ts';
import type { NodeDefinition } from '../nodes/definition.ts';
import { findDefinition, NODE_DEFINITIONS } from '../nodes/registry.ts';
import { paramOf } from '../nodes/terms.ts';
import { blockName, nodeIds, nodeOf } from './lookup.ts';
import { message, type MessageValue } from '../words/message.ts';

/** A block as far as it could be resolved, valid or not. */
export interface CheckedNode {
  readonly id: NodeId;
  /** The user's label, or the kind's title. */
  readonly name: string;
  /** Name in messages: unlike `name`, never the same for two blocks without a label. */
  readonly called: MessageValue;
  /** Null for a kind that this build does not know. */
  readonly definition: NodeDefinition | null;
  /** False when a parameter is invalid: ports and shapes are then meaningless. */
  readonly sound: boolean;
  /** With defaults for absent parameters. */
  readonly params: NodeRecord['params'];
}

/**
 * A checked block with the source of each input port, in port order; null where the wire is missing or leads nowhere.
 */
export interface WiredNode extends CheckedNode {
  readonly sources: readonly (Endpoint | null)[];
}

/** All blocks by id, sorted, and every problem of their kinds and parameters. */
export function checkNodes(graph: Graph): {
  readonly nodes: ReadonlyMap<NodeId, CheckedNode>;
  readonly diagnostics: readonly Diagnostic[];
} {
  const nodes = new Map<NodeId, CheckedNode>();
  const diagnostics: Diagnostic[] = [];
  for (const id of nodeIds(graph)) {
    const record = nodeOf(graph, id);
    if (!record) continue;
    const called = blockName(id, record);
    const definition = findDefinition(record.kind);
    if (!definition) {
      diagnostics.push(unknownKind(id, called, record.kind));
      nodes.set(id, { id, name: record.kind, called, definition: null, sound: false, params: record.params });
      continue;
    }
    const problems = checkParams(definition, record.params);
    diagnostics.push(...problems.map((problem) => paramDiagnostic(id, called, definition, problem)));
    const name = record.label?.trim() || definition.title;
    const params = completeParams(definition, record.params);
    nodes.set(id, { id, name, called, definition, sound: problems.length === 0, params });
  }
  return { nodes, diagnostics };
}

function unknownKind(nodeId: NodeId, called: MessageValue, kind: string): Diagnostic {
  return {
    code: 'kind-unknown',
    severity: 'error',
    nodeId,
    message: message('graph.kindUnknown', { block: called, kind }),
    hint: message('graph.kindUnknownHint', { kinds: NODE_DEFINITIONS.map((definition) => definition.kind) }),
  };
}

function paramDiagnostic(
  nodeId: NodeId,
  called: MessageValue,
  { kind }: NodeDefinition,
  { code, param, problem, hint, repair }: ParamProblem,
): Diagnostic {
  const diagnostic = { code, severity: 'error', nodeId, param } as const;
  const said = { message: message('graph.ofBlock', { block: called, problem }), hint };
  if (repair === undefined) return { ...diagnostic, ...said };
  const title = message('graph.setParam', { param: paramOf(kind, param), value: String(repair) });
  return { ...diagnostic, ...said, fix: { title, nodeId, param, value: repair } };
}
