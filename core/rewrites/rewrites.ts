import { endpoint, splitEndpoint, type Endpoint } from '../document/endpoint.ts';
import { freshNodeId, type NodeId } from '../diagnostics/ids.ts';
import type { Graph } from '../document/schema.ts';
import { defaultParams } from '../nodes/defaults.ts';
import { findDefinition } from '../nodes/registry.ts';
import { batchNorm } from '../nodes/batchNorm.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { followersOf, withNode, withoutNodes, withParam, withSourceMoved, withWire } from './graphEdits.ts';
import { nodeIds, nodeOf, sourceOf } from '../graph/lookup.ts';
import { batchNormToGroupNorm, batchNormToInstanceNorm, batchNormToLayerNorm } from './normRewrites.ts';

/** Conv2D, ConvTranspose2D and Dense: the blocks that may have a bias. */
function isWeighted(graph: Graph, id: NodeId): boolean {
  return ['conv2d', 'convTranspose2d', 'dense'].includes(kindOf(graph, id));
}

function kindOf(graph: Graph, id: NodeId): string {
  return nodeOf(graph, id)?.kind ?? '';
}

function idsOfKind(graph: Graph, kind: string): readonly NodeId[] {
  return nodeIds(graph).filter((id) => kindOf(graph, id) === kind);
}

/**
 * The graph without its BatchNorm blocks: the source of each is connected to the blocks it fed. A Conv2D,
 * ConvTranspose2D or Dense before one gets a bias, since beta was its bias. A BatchNorm without input is removed with
 * its outgoing wires.
 */
export function stripBatchNorm(graph: Graph): Graph {
  const norms = idsOfKind(graph, 'batchNorm');
  let result = graph;
  for (const norm of norms) {
    const source = sourceOf(result, endpoint(norm, 'in'));
    if (source === undefined || splitEndpoint(source).node === norm) continue;
    result = withSourceMoved(result, endpoint(norm, 'out'), source);
    const before = splitEndpoint(source).node;
    if (isWeighted(result, before)) result = withParam(result, before, 'bias', true);
  }
  return withoutNodes(result, new Set(norms));
}

/**
 * Adds a BatchNorm after every Conv2D that feeds something but no BatchNorm yet. The convolution's bias is switched
 * off, since it has no effect there. New blocks are named after their convolution: conv3 gets bn3 where that name is
 * free.
 */
export function addBatchNormAfterConvs(graph: Graph): Graph {
  let result = graph;
  for (const conv of idsOfKind(graph, 'conv2d')) {
    const followers = followersOf(result, conv);
    if (followers.length === 0 || followers.some((id) => kindOf(result, id) === 'batchNorm')) continue;
    const taken = result;
    const base = /conv\d*$/i.test(conv) ? conv.replace(/conv(\d*)$/i, 'bn$1') : 'bn';
    const norm = freshNodeId(base, (id) => nodeOf(taken, id) !== undefined);
    result = withNode(result, norm, { kind: batchNorm.kind, params: defaultParams(batchNorm) });
    result = withSourceMoved(result, endpoint(conv, 'out'), endpoint(norm, 'out'));
    result = withWire(result, endpoint(norm, 'in'), endpoint(conv, 'out'));
    result = withParam(result, conv, 'bias', false);
  }
  return result;
}

/** Two consecutive blocks; the first feeds only the second. */
export interface Pair {
  readonly first: NodeId;
  readonly second: NodeId;
}

/** BatchNorm and activation pairs that `swapBatchNormAndActivation` would swap; a block is in at most one pair. */
export function swappablePairs(graph: Graph): readonly Pair[] {
  const normFirst = pairsOf(graph, isNorm, isActivation);
  return normFirst.length > 0 ? normFirst : pairsOf(graph, isActivation, isNorm);
}

function isNorm(graph: Graph, id: NodeId): boolean {
  return kindOf(graph, id) === 'batchNorm';
}

function isActivation(graph: Graph, id: NodeId): boolean {
  return findDefinition(kindOf(graph, id))?.family === 'activation';
}

type Test = (graph: Graph, id: NodeId) => boolean;

function pairsOf(graph: Graph, isFirst: Test, isSecond: Test): readonly Pair[] {
  const used = new Set<NodeId>();
  const pairs: Pair[] = [];
  for (const first of nodeIds(graph).filter((id) => isFirst(graph, id))) {
    const [second, ...others] = followersOf(graph, first);
    if (second === undefined || others.length > 0 || !isSecond(graph, second)) continue;
    if (used.has(first) || used.has(second)) continue;
    used.add(first).add(second);
    pairs.push({ first, second });
  }
  return pairs;
}

/**
 * Moves each activation before its BatchNorm; where all are there already, moves them after it again. Only pairs in
 * which the first block feeds nothing else are swapped, so shapes and all other wires stay the same.
 */
export function swapBatchNormAndActivation(graph: Graph): Graph {
  return swappablePairs(graph).reduce(swapPair, graph);
}

function swapPair(graph: Graph, { first, second }: Pair): Graph {
  const source = sourceOf(graph, endpoint(first, 'in'));
  if (source === undefined || isOf(source, second) || isOf(source, first)) return graph;
  const moved = withSourceMoved(graph, endpoint(second, 'out'), endpoint(first, 'out'));
  const turned = withWire(moved, endpoint(first, 'in'), endpoint(second, 'out'));
  return withWire(turned, endpoint(second, 'in'), source);
}

function isOf(source: Endpoint, id: NodeId): boolean {
  return splitEndpoint(source).node === id;
}

/** Switches off every bias that a following BatchNorm cancels: the fix of all `lint-bias-before-norm` at once. */
export function dropBiasBeforeBatchNorm(graph: Graph): Graph {
  return checkGraph(graph)
    .diagnostics.filter((diagnostic) => diagnostic.code === 'lint-bias-before-norm')
    .reduce((result, { fix }) => (fix ? withParam(result, fix.nodeId, fix.param, fix.value) : result), graph);
}

/** By their names in commands and menus. */
export const REWRITES = {
  stripBatchNorm,
  batchNormToLayerNorm,
  batchNormToGroupNorm,
  batchNormToInstanceNorm,
  addBatchNormAfterConvs,
  swapBatchNormAndActivation,
  dropBiasBeforeBatchNorm,
} as const satisfies Readonly<Record<string, (graph: Graph) => Graph>>;

export type RewriteName = keyof typeof REWRITES;
