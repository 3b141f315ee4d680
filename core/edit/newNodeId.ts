import { freshNodeId, toNodeId, type NodeId } from '../diagnostics/ids.ts';
import type { Graph } from '../document/schema.ts';
import { nodeOf } from '../graph/lookup.ts';
import { findDefinition } from '../nodes/registry.ts';

const UNNUMBERED = ['input', 'output'];

/** First free id of a kind: `conv1`, `conv2`, …; `input` and `output` begin without a number. */
export function newNodeId(graph: Graph, kind: string): NodeId {
  if (UNNUMBERED.includes(kind)) return freshNodeId(kind, (id) => nodeOf(graph, id) !== undefined);
  const stem = findDefinition(kind)?.idStem ?? kind;
  for (let number = 1; ; number += 1) {
    const id = toNodeId(`${stem}${number}`);
    if (!nodeOf(graph, id)) return id;
  }
}

/** `id` if it is free, else its stem with the next free number. */
export function freeNodeId(id: NodeId, isTaken: (id: NodeId) => boolean): NodeId {
  if (!isTaken(id)) return id;
  const stem = id.replace(/\d+$/, '').slice(0, 56);
  for (let number = 2; ; number += 1) {
    const candidate = toNodeId(`${stem}${number}`);
    if (!isTaken(candidate)) return candidate;
  }
}
