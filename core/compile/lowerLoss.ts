import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { LossForward } from '../program/instruction.ts';
import { CROSS_ENTROPY } from '../program/loss.ts';
import type { TensorId } from '../program/tensor.ts';
import type { CompileOptions } from './options.ts';
import type { TensorTable } from './tensorTable.ts';

/**
 * Emits the loss on the Output's tensor. Label smoothing and class weights apply to training only: other modes compute
 * the plain loss.
 */
export function lowerLoss(
  graph: ShapedGraph,
  options: CompileOptions,
  table: TensorTable,
  logits: TensorId,
): { labels: TensorId; loss: TensorId; correct: TensorId; instruction: LossForward } {
  const training = options.mode === 'train';
  const node = graph.output.id;
  const labels = table.add({ name: 'labels', kind: 'labels', dims: [], batched: true });
  const loss = table.add({ name: 'loss', kind: 'metric', dims: [], batched: false });
  const correct = table.add({ name: 'correct', kind: 'metric', dims: [], batched: false });
  const dims = [graph.logitCount];
  const slopes = training ? table.add({ name: `${node}.slopes`, kind: 'saved', dims, batched: true }) : null;
  const plan = options.loss ?? CROSS_ENTROPY;
  const attributes = {
    ...plan,
    labelSmoothing: training ? options.labelSmoothing : 0,
    classWeights: training ? plan.classWeights : null,
  };
  const operands = { logits, labels, slopes, loss, correct };
  return { labels, loss, correct, instruction: { op: 'lossForward', node, ...operands, ...attributes } };
}
