import { must } from '../../../diagnostics/invariantError.ts';
import type { Instruction } from '../../../program/instruction.ts';
import type { TensorId } from '../../../program/tensor.ts';
import { elementCount, type Shape } from '../../../program/shape.ts';
import { prepareKernel } from '../kernels.ts';
import type { StepFeed } from '../kernel.ts';

/** A tensor of a single-kernel test: dimensions of one sample, and values (zeros by default). */
export interface TestTensor {
  readonly dims: Shape;
  readonly values?: readonly number[];
}

const NO_FEED: StepFeed = {
  images: new Float64Array(0),
  labels: null,
  mix: null,
  scalars: { learningRate: 0, step: 1, randomKey: 0 },
};

/**
 * Runs one instruction on tensors numbered by their index in the list, and returns the values of all tensors
 * afterwards. For tests of single kernels.
 */
export function runKernel(
  instruction: Instruction,
  batch: number,
  tensors: readonly TestTensor[],
  feed: Partial<StepFeed> = {},
): Float64Array[] {
  const arrays = tensors.map(({ dims, values }) =>
    values === undefined ? new Float64Array(batch * elementCount(dims)) : Float64Array.from(values),
  );
  const run = prepareKernel(instruction, {
    batch,
    batchStatistics: new Float64Array(0),
    data: (tensor) => must(arrays[tensor], `tensor ${String(tensor)}`),
    dims: (tensor) => must(tensors[tensor], `tensor ${String(tensor)}`).dims,
  });
  run({ ...NO_FEED, ...feed });
  return arrays;
}

/** The tensor at `index` of the list. */
export function tensor(index: number): TensorId {
  return index as TensorId;
}
