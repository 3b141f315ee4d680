import { must } from '../diagnostics/invariantError.ts';
import type { Program } from '../program/program.ts';
import type { TensorId } from '../program/tensor.ts';
import { elementCount } from '../program/shape.ts';

export interface MemoryEstimate {
  /** Most that is alive at once inside a step, the fed batch included. */
  readonly activationBytes: number;
  /** Parameters, statistics, moments and averages. */
  readonly stateBytes: number;
  /** Gradients of the parameters, and their sum where an update gathers several batches. */
  readonly gradientBytes: number;
  readonly totalBytes: number;
}

const FLOAT_BYTES = 4;

/**
 * Memory of a program at a batch size in f32, tensors with disjoint lives laid over each other: floats 4 bytes, masks
 * and winners 1, fed bytes 1. A backend holds somewhat more: reordered weights, scratch space, gaps.
 */
export function estimateMemory(program: Program, batch: number): MemoryEstimate {
  const fed = elementCount(program.inputShape) * batch * (program.inputType === 'u8' ? 1 : FLOAT_BYTES);
  const activationBytes = fed + peakBytes(program, batch);
  const stateBytes = program.state.totalSize * FLOAT_BYTES;
  const copies = program.mode === 'train' ? (program.optimizer?.accumulates ? 2 : 1) : 0;
  const gradientBytes = copies * program.state.parameterSize * FLOAT_BYTES;
  const totalBytes = activationBytes + stateBytes + gradientBytes;
  return { activationBytes, stateBytes, gradientBytes, totalBytes };
}

/** Lives as steps up at their first instruction and down behind their last; the peak of the running sum. */
function peakBytes(program: Program, batch: number): number {
  const change = new Float64Array(program.instructions.length + 1);
  for (const { tensor, first, last } of program.lifetimes) {
    const bytes = tensorBytes(program, tensor, batch);
    change[first] = (change[first] ?? 0) + bytes;
    change[last + 1] = (change[last + 1] ?? 0) - bytes;
  }
  let alive = 0;
  let peak = 0;
  for (const step of change) {
    alive += step;
    peak = Math.max(peak, alive);
  }
  return peak;
}

function tensorBytes(program: Program, tensor: TensorId, batch: number): number {
  const { kind, dims } = must(program.tensors[tensor], `tensor ${String(tensor)}`);
  return elementCount(dims) * batch * (kind === 'saved' ? 1 : FLOAT_BYTES);
}
