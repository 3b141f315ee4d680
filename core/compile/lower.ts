import { InvariantError, must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import { splitEndpoint } from '../document/endpoint.ts';
import type { ShapedGraph, ShapedNode } from '../graph/shapedGraph.ts';
import type { Instruction } from '../program/instruction.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { TensorId } from '../program/tensor.ts';
import type { Draft } from './draft.ts';
import { lowerFeatureInput, lowerFeatures } from './lowerFeatures.ts';
import { lowerInput } from './lowerInput.ts';
import { lowerLoss } from './lowerLoss.ts';
import { loweringContext } from './loweringContext.ts';
import type { CompileOptions } from './options.ts';
import { nodesReachingOutput } from './reachability.ts';
import { StateTensors } from './stateTensors.ts';
import { TensorTable } from './tensorTable.ts';

/**
 * Lowers the blocks that reach the Output to forward instructions, preceded by input normalization and followed by the
 * loss; of a part of the network, only its blocks. Blocks of dead ends emit nothing. Throws `InvariantError` when a
 * block lowers to something it did not declare.
 */
export function lower(graph: ShapedGraph, layout: StateLayout, options: CompileOptions): Draft {
  const { mode, part } = options;
  const table = new TensorTable();
  const state = new StateTensors(table, layout);
  const isSuffix = part?.of === 'suffix';
  const input = isSuffix ? lowerFeatureInput(part.cut, table) : lowerInput(graph, options, table);
  const forward: Instruction[] = [...input.instructions];
  const updates: Instruction[] = [];
  const outputs = new Map<NodeId, TensorId>([[isSuffix ? part.cut.node : graph.input.id, input.tensor]]);
  const wanted = nodesToLower(graph, options);
  const trained = trainedNodes(graph, layout);
  for (const [position, node] of graph.order.entries()) {
    if (outputs.has(node.id) || !wanted.has(node.id)) continue;
    const emit = (instruction: Instruction): void => {
      (instruction.op === 'updateStatistics' ? updates : forward).push(instruction);
    };
    const trainsBefore = sourcesOf(node).some((source) => trained.has(source));
    const around = { salt: position, trainsBefore, mode, table, state, outputs, emit };
    const context = loweringContext(node, around);
    outputs.set(node.id, node.definition.lower(node.params, context));
  }
  const end = lowerEnd(graph, options, table, outputs);
  forward.push(...end.instructions);
  const inputs = { images: input.images, labels: end.labels };
  const { logits, loss, correct } = end;
  return {
    mode,
    table,
    state,
    layout,
    inputs,
    networkInput: input.tensor,
    logits,
    taps: tapsOf(options, outputs),
    loss,
    correct,
    forward,
    updates,
  };
}

function tapsOf({ taps, mode }: CompileOptions, outputs: ReadonlyMap<NodeId, TensorId>): Draft['taps'] {
  if (taps !== undefined && mode === 'train') throw new InvariantError('taps in a training program');
  return (taps?.nodes ?? []).map((node) => ({ node, value: must(outputs.get(node), `output of ${node}`) }));
}

/** The blocks at or before which a weight trains. */
function trainedNodes(graph: ShapedGraph, { parameters }: StateLayout): ReadonlySet<NodeId> {
  const trained = new Set(parameters.filter(({ trainable }) => trainable).map(({ node }) => node));
  for (const node of graph.order) {
    if (sourcesOf(node).some((source) => trained.has(source))) trained.add(node.id);
  }
  return trained;
}

function sourcesOf({ sources }: ShapedNode): readonly NodeId[] {
  return sources.map((source) => splitEndpoint(source).node);
}

function nodesToLower(graph: ShapedGraph, { part }: CompileOptions): ReadonlySet<NodeId> {
  if (part?.of === 'prefix') return new Set(part.cut.blocks);
  const wanted = nodesReachingOutput(graph);
  if (part === undefined) return wanted;
  const before = new Set(part.cut.blocks);
  return new Set([...wanted].filter((node) => !before.has(node)));
}

type End = Pick<Draft, 'logits' | 'loss' | 'correct'> & {
  readonly labels: TensorId | null;
  readonly instructions: readonly Instruction[];
};

/** The loss on the Output's tensor, or the features of a prefix. */
function lowerEnd(
  graph: ShapedGraph,
  options: CompileOptions,
  table: TensorTable,
  outputs: ReadonlyMap<NodeId, TensorId>,
): End {
  const { part } = options;
  if (part?.of === 'prefix') {
    const features = lowerFeatures(part.cut, table, must(outputs.get(part.cut.node), 'tensor of the cut'));
    return {
      logits: features.tensor,
      loss: null,
      correct: null,
      labels: null,
      instructions: features.instructions,
    };
  }
  const logits = must(outputs.get(graph.output.id), 'tensor of the Output block');
  const { instruction, ...ends } = lowerLoss(graph, options, table, logits);
  return { logits, ...ends, instructions: [instruction] };
}
