import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { CheckedNode } from './checkedNode.ts';
import { listSome } from './listSome.ts';
import { reachableFrom, type Links } from './topology.ts';
import { message } from '../words/message.ts';

type Nodes = ReadonlyMap<NodeId, CheckedNode>;

export interface Roles {
  readonly inputs: readonly NodeId[];
  readonly outputs: readonly NodeId[];
  /**
   * Blocks that are not on a path from Input to Output and are left out of training; empty while no such path exists.
   */
  readonly excluded: ReadonlySet<NodeId>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Finds Input and Output, and the blocks that are left out of training. `stuck` are the blocks on or after a cycle. */
export function checkRoles(nodes: Nodes, links: Links, stuck: ReadonlySet<NodeId>): Roles {
  const inputs = idsOfKind(nodes, 'input');
  const outputs = idsOfKind(nodes, 'output');
  const leading = reachableFrom(outputs, links.previous);
  const fed = reachableFrom(inputs, links.next);
  const connected = inputs.some((id) => leading.has(id));
  const excluded = new Set(connected ? links.ids.filter((id) => !leading.has(id)) : []);
  const aside = [...nodes.values()].filter((node) => !leading.has(node.id) && !stuck.has(node.id));
  return {
    inputs,
    outputs,
    excluded,
    diagnostics: [
      ...countProblems(nodes, inputs, 'input'),
      ...countProblems(nodes, outputs, 'output'),
      ...(inputs.length > 0 ? aside.filter((node) => !fed.has(node.id)).map(unreachable) : []),
      ...(outputs.length > 0
        ? aside.filter((node) => fed.has(node.id) && !links.next.get(node.id)?.length).map(deadEnd)
        : []),
    ],
  };
}

function idsOfKind(nodes: Nodes, kind: string): readonly NodeId[] {
  return [...nodes.values()].filter((node) => node.definition?.kind === kind).map((node) => node.id);
}

function countProblems(nodes: Nodes, ids: readonly NodeId[], kind: 'input' | 'output'): Diagnostic[] {
  if (ids.length === 0) {
    return [
      {
        code: `${kind}-missing`,
        severity: 'error',
        nodeId: null,
        message: message(`graph.${kind}Missing`),
        hint: message(`graph.${kind}MissingHint`),
      },
    ];
  }
  const named = { total: ids.length, blocks: listSome(ids) };
  return ids.slice(1).map((nodeId) => ({
    code: `${kind}-many`,
    severity: 'error',
    nodeId,
    message: message(`graph.${kind}Many`, { block: nodes.get(nodeId)?.called ?? nodeId, ...named }),
    hint: message(`graph.${kind}ManyHint`),
  }));
}

function unreachable(node: CheckedNode): Diagnostic {
  return {
    code: 'unreachable',
    severity: 'warning',
    nodeId: node.id,
    message: message('graph.unreachable', { block: node.called }),
    hint: message('graph.unreachableHint'),
  };
}

function deadEnd(node: CheckedNode): Diagnostic {
  return {
    code: 'lint-dead-end',
    severity: 'warning',
    nodeId: node.id,
    message: message('graph.deadEnd', { block: node.called }),
    hint: message('graph.deadEndHint'),
  };
}
