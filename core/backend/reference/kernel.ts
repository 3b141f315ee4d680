import type { LabelMix, StepScalars } from '../backend.ts';
import type { InstructionOf, Op } from '../../program/instruction.ts';
import type { TensorId } from '../../program/tensor.ts';

/** The input of one run of a program. */
export interface StepFeed {
  readonly images: Uint8Array | Float32Array | Float64Array;
  /** Null: the batch has no labels. */
  readonly labels: Int32Array | null;
  /** Null: every image has one label. */
  readonly mix: LabelMix | null;
  readonly scalars: StepScalars;
}

/** The context in which an instruction is prepared. */
export interface KernelContext {
  readonly batch: number;
  /** Batch statistics of all blocks of the program, as `PreparedProgram.batchStatistics`. */
  readonly batchStatistics: Float64Array;
  /** Values of a tensor in canonical order, `[N, C, H, W]` or `[N, F]` when batched; the same array at every run. */
  data(tensor: TensorId): Float64Array;
  /** Dimensions of one sample, or of the whole tensor where it has no batch. */
  dims(tensor: TensorId): readonly number[];
}

/** One run of one instruction. */
export type Run = (feed: StepFeed) => void;

/** Prepares an instruction: looks up arrays and sizes once, and returns the function to run at each step. */
export type Kernel<O extends Op> = (instruction: InstructionOf<O>, context: KernelContext) => Run;
