import type { ShapedGraph } from '../graph/shapedGraph.ts';
import type { CrossEntropyForward } from '../program/instruction.ts';
import type { TensorId } from '../program/tensor.ts';
import type { CompileOptions } from './options.ts';
import type { TensorTable } from './tensorTable.ts';

/** Softmax cross-entropy on the Output's tensor. Label smoothing belongs to training: other modes give the plain loss. */
export function lowerLoss(
  graph: ShapedGraph,
  options: CompileOptions,
  table: TensorTable,
  logits: TensorId,
): { labels: TensorId; loss: TensorId; correct: TensorId; instruction: CrossEntropyForward } {
  const training = options.mode === 'train';
  const node = graph.output.id;
  const labels = table.add({ name: 'labels', kind: 'labels', dims: [], batched: true });
  const loss = table.add({ name: 'loss', kind: 'metric', dims: [], batched: false });
  const correct = table.add({ name: 'correct', kind: 'metric', dims: [], batched: false });
  const dims = [graph.classes];
  const probabilities = training
    ? table.add({ name: `${node}.probabilities`, kind: 'saved', dims, batched: true })
    : null;
  const labelSmoothing = training ? options.labelSmoothing : 0;
  const operands = { logits, labels, probabilities, loss, correct };
  return {
    labels,
    loss,
    correct,
    instruction: { op: 'crossEntropyForward', node, ...operands, labelSmoothing },
  };
}
