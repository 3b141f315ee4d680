import type { NodeId } from '../diagnostics/ids.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { ShapedGraph, ShapedNode } from '../graph/shapedGraph.ts';
import type { Instruction } from '../program/instruction.ts';
import { tensorsRead, tensorsWritten } from '../program/operands.ts';
import { elementCount } from '../program/shape.ts';
import type { Draft } from './draft.ts';
import { lower } from './lower.ts';
import type { Cut } from './networkPart.ts';
import type { CompileOptions } from './options.ts';
import { nodesReachingOutput } from './reachability.ts';
import { buildStateLayout } from './stateLayout.ts';

/**
 * Finds the largest prefix of a network that stays constant during training: no weight in it is trained, no statistic
 * in it is updated, none of its blocks normalizes by the batch or draws random numbers. Exactly one tensor leads from
 * it to the other blocks. Of several cuts with only blocks without weights between them, it is the one with the
 * smallest tensor: after a pooling block rather than before it. Null when there is none, and when the prefix or the
 * rest holds no weights.
 */
export function findCut(graph: ShapedGraph, options: Omit<CompileOptions, 'mode' | 'part'>): Cut | null {
  const draft = lower(graph, buildStateLayout(graph, options.optimizer), { ...options, mode: 'train' });
  const order = blocksInOrder(graph);
  const changing = changingNodes(draft);
  const constant = order.findIndex(({ id }) => changing.has(id));
  if (constant < 1) return null;
  const cuts = cutsAmong(order, constant);
  const last = cuts.at(-1) ?? 0;
  const weighty = order.slice(0, last + 1).findLastIndex(hasWeights);
  const isRest = order.slice(last + 1).some(hasWeights);
  const chosen =
    weighty < 0 || !isRest
      ? undefined
      : smallest(
          order,
          cuts.filter((at) => at >= weighty),
        );
  if (chosen === undefined) return null;
  const blocks = order.slice(0, chosen.at + 1);
  return {
    node: chosen.node.id,
    blocks: blocks.map(({ id }) => id),
    shape: chosen.node.shape,
    flops: blocks.reduce((sum, { flops }) => sum + flops, 0),
  };
}

/** The blocks that are computed: sources first, so that a prefix of this list is closed under dependencies. */
function blocksInOrder(graph: ShapedGraph): readonly ShapedNode[] {
  const wanted = nodesReachingOutput(graph);
  return graph.order.filter(({ id }) => wanted.has(id));
}

/**
 * Blocks whose own instructions may give other results at another step. A block after them changes too; in the order of
 * the graph it comes after them.
 */
function changingNodes(draft: Draft): ReadonlySet<NodeId> {
  const instructions = [...draft.forward, ...draft.updates];
  const changing = instructions.filter((each) => changes(each, draft)).map(({ node }) => node);
  return new Set(changing);
}

function changes(instruction: Instruction, { table, layout }: Draft): boolean {
  if (instruction.op === 'lossForward' || 'salt' in instruction) return true;
  const isTrained = tensorsRead(instruction).some((tensor) => {
    const { kind, slot } = table.spec(tensor);
    return kind === 'parameter' && layout.parameters[slot ?? -1]?.trainable !== false;
  });
  const ofBatch = tensorsWritten(instruction).some((tensor) => {
    const { kind } = table.spec(tensor);
    return kind === 'batchStatistic' || kind === 'statistic';
  });
  return isTrained || ofBatch;
}

/**
 * The indices below `end` of the blocks whose output alone leads from the blocks up to them to those after them. All
 * blocks of such a prefix lead to that output, so it is the same set in any order.
 */
function cutsAmong(order: readonly ShapedNode[], end: number): number[] {
  const lastUse = new Map<NodeId, number>();
  for (const [at, { sources }] of order.entries())
    for (const source of sources) lastUse.set(splitEndpoint(source).node, at);
  const cuts: number[] = [];
  let usedUntil = 0;
  for (const [at, { id }] of order.slice(0, end).entries()) {
    if (usedUntil <= at) cuts.push(at);
    usedUntil = Math.max(usedUntil, lastUse.get(id) ?? at);
  }
  return cuts;
}

function hasWeights({ parameters, statisticChannels }: ShapedNode): boolean {
  return parameters.length > 0 || statisticChannels > 0;
}

/** Of equal ones the last. */
function smallest(
  order: readonly ShapedNode[],
  cuts: readonly number[],
): { readonly at: number; readonly node: ShapedNode } | undefined {
  let best: { at: number; node: ShapedNode } | undefined;
  for (const at of cuts) {
    const node = order[at];
    if (node === undefined) continue;
    if (best === undefined || elementCount(node.shape) <= elementCount(best.node.shape)) best = { at, node };
  }
  return best;
}
