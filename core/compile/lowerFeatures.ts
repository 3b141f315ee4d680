import type { Instruction } from '../program/instruction.ts';
import { elementCount } from '../program/shape.ts';
import type { TensorId } from '../program/tensor.ts';
import type { LoweredInput } from './lowerInput.ts';
import type { Cut } from './networkPart.ts';
import type { TensorTable } from './tensorTable.ts';

/** The input of a suffix: the features as they are fed, as floats. */
export function lowerFeatureInput({ shape }: Cut, table: TensorTable): LoweredInput {
  const features = table.add({ name: 'features', kind: 'input', dims: shape, batched: true });
  return { images: features, tensor: features, instructions: [] };
}

/** The end of a prefix: its output tensor as a vector of features, `[N, F]`. */
export function lowerFeatures(
  { node, shape }: Cut,
  table: TensorTable,
  src: TensorId,
): { readonly tensor: TensorId; readonly instructions: readonly Instruction[] } {
  if (shape.length === 1) return { tensor: src, instructions: [] };
  const dims = [elementCount(shape)];
  const dst = table.add({ name: `${node}.features`, kind: 'activation', dims, batched: true });
  return { tensor: dst, instructions: [{ op: 'reshape', node, src, dst }] };
}
