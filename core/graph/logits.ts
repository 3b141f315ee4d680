import { endpoint, splitEndpoint } from '../document/endpoint.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Graph, NodeRecord } from '../document/schema.ts';
import { findDefinition } from '../nodes/registry.ts';
import { nodeIds, nodeOf, sourceOf } from './lookup.ts';

/** The parameter that decides the number of values at the Output. */
export interface LogitsParam {
  readonly nodeId: NodeId;
  readonly param: 'units' | 'filters';
}

/**
 * Walks back from the Output over blocks that keep the number of features: to a Dense, or over a mean of all pixels
 * to a convolution. Null where the path ends at another block, such as a merge.
 */
export function findLogitsParam(graph: Graph): LogitsParam | null {
  const output = nodeIds(graph).find((id) => nodeOf(graph, id)?.kind === 'output');
  const seen = new Set<NodeId>();
  let pooled = false;
  let at = output && before(graph, output);
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    const kind = nodeOf(graph, at)?.kind ?? '';
    if (kind === 'dense') return { nodeId: at, param: 'units' };
    if (kind === 'conv2d' || kind === 'convTranspose2d')
      return pooled ? { nodeId: at, param: 'filters' } : null;
    if (poolsAll(nodeOf(graph, at))) pooled = true;
    else if (!keepsFeatures(kind, pooled)) return null;
    at = before(graph, at);
  }
  return null;
}

function before(graph: Graph, id: NodeId): NodeId | undefined {
  const source = sourceOf(graph, endpoint(id, 'in'));
  return source && splitEndpoint(source).node;
}

/** Whether a block's output has one value for each channel: GlobalAvgPool, or AdaptiveAvgPool to 1 x 1. */
function poolsAll(node: NodeRecord | undefined): boolean {
  if (node?.kind === 'globalAvgPool') return true;
  return (
    node?.kind === 'adaptiveAvgPool' && (node.params.height ?? 1) === 1 && (node.params.width ?? 1) === 1
  );
}

/**
 * Without pooling, the input of a Flatten is the vector of a Dense, or has many pixels; then no Conv2D may come before
 * it.
 */
function keepsFeatures(kind: string, pooled: boolean): boolean {
  if (kind === 'batchNorm' || kind === 'dropout') return true;
  if (findDefinition(kind)?.family === 'activation') return true;
  return pooled ? findDefinition(kind)?.family === 'pooling' : kind === 'flatten';
}
