import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { CheckedNode } from './checkedNode.ts';
import { listSome } from './listSome.ts';
import { reachableFrom, type Links } from './topology.ts';

type Nodes = ReadonlyMap<NodeId, CheckedNode>;

export interface Roles {
  readonly inputs: readonly NodeId[];
  readonly outputs: readonly NodeId[];
  /** Blocks that do not lead from Input to Output and are left out of training; none as long as no way leads through. */
  readonly excluded: ReadonlySet<NodeId>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Who is Input and Output, and which blocks stand aside. `stuck` are the blocks on or behind a cycle. */
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
  const title = kind === 'input' ? 'Input' : 'Output';
  if (ids.length === 0) {
    return [
      {
        code: `${kind}-missing`,
        severity: 'error',
        nodeId: null,
        message: `The network has no ${title} block.`,
        hint:
          kind === 'input'
            ? 'Add an Input and wire it to the first block.'
            : 'Add an Output and wire the last block to it.',
      },
    ];
  }
  const named = listSome(ids);
  return ids.slice(1).map((nodeId) => ({
    code: `${kind}-many`,
    severity: 'error',
    nodeId,
    message: `${nodes.get(nodeId)?.called ?? nodeId} is one of ${ids.length} ${title} blocks (${named}), but a network has one.`,
    hint: `Keep one ${title} and delete the others.`,
  }));
}

function unreachable(node: CheckedNode): Diagnostic {
  return {
    code: 'unreachable',
    severity: 'warning',
    nodeId: node.id,
    message: `${node.called} is not connected to the Input, so it is left out of training.`,
    hint: 'Wire it into the network, or delete it.',
  };
}

function deadEnd(node: CheckedNode): Diagnostic {
  return {
    code: 'lint-dead-end',
    severity: 'warning',
    nodeId: node.id,
    message: `${node.called} feeds nothing, so it is left out of training.`,
    hint: 'Wire it on towards the Output, or delete it.',
  };
}
