import { must } from '../diagnostics/invariantError.ts';
import type { Program } from '../program/program.ts';
import type { TensorId } from '../program/tensor.ts';
import { elementCount } from '../program/shape.ts';

export interface MemoryEstimate {
  /** Peak memory in use at once within a step, the input batch included. */
  readonly activationBytes: number;
  /** Parameters, statistics, moments and weight averages. */
  readonly stateBytes: number;
  /** Gradients of the parameters, and their sum where an update accumulates several batches. */
  readonly gradientBytes: number;
  readonly totalBytes: number;
}

const FLOAT_BYTES = 4;

/**
 * Memory of a program at a batch size in f32; tensors with disjoint lifetimes share memory. Floats take 4 bytes, masks
 * and indices of maxima 1, input bytes 1. A backend uses somewhat more: reordered weights, scratch space, gaps.
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

/**
 * Each lifetime adds its size at its first instruction and subtracts it after its last; returns the peak of the running
 * sum.
 */
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
