import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { Instruction } from '../program/instruction.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { TensorId } from '../program/tensor.ts';
import type { Draft } from './draft.ts';
import { lowerInput } from './lowerInput.ts';
import { lowerLoss } from './lowerLoss.ts';
import { loweringContext } from './loweringContext.ts';
import type { CompileOptions } from './options.ts';
import { nodesReachingOutput } from './reachability.ts';
import { StateTensors } from './stateTensors.ts';
import { TensorTable } from './tensorTable.ts';

/**
 * Lowers the blocks that reach the Output to forward instructions, preceded by input normalization and followed by the
 * loss. Blocks of dead ends emit nothing. Throws `InvariantError` when a block lowers to something it did not declare.
 */
export function lower(graph: ShapedGraph, layout: StateLayout, options: CompileOptions): Draft {
  const table = new TensorTable();
  const state = new StateTensors(table, layout);
  const forward: Instruction[] = [];
  const updates: Instruction[] = [];
  const input = lowerInput(graph, options, table);
  forward.push(...input.instructions);
  const outputs = new Map<NodeId, TensorId>([[graph.input.id, input.tensor]]);
  const wanted = nodesReachingOutput(graph);
  for (const [position, node] of graph.order.entries()) {
    if (outputs.has(node.id) || !wanted.has(node.id)) continue;
    const emit = (instruction: Instruction): void => {
      (instruction.op === 'updateStatistics' ? updates : forward).push(instruction);
    };
    const context = loweringContext(node, {
      salt: position,
      mode: options.mode,
      table,
      state,
      outputs,
      emit,
    });
    outputs.set(node.id, node.definition.lower(node.params, context));
  }
  const logits = must(outputs.get(graph.output.id), 'tensor of the Output block');
  const { labels, loss, correct, instruction } = lowerLoss(graph, options, table, logits);
  forward.push(instruction);
  const inputs = { images: input.images, labels };
  const shared = { mode: options.mode, table, state, layout, inputs, networkInput: input.tensor };
  return { ...shared, logits, loss, correct, forward, updates };
}
