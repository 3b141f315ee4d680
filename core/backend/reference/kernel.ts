import type { LabelMix, StepScalars } from '../backend.ts';
import type { InstructionOf, Op } from '../../program/instruction.ts';
import type { TensorId } from '../../program/tensor.ts';

/** What one run of a program is fed. */
export interface StepFeed {
  readonly images: Uint8Array | Float32Array | Float64Array;
  /** Null: nothing is known about this batch's classes. */
  readonly labels: Int32Array | null;
  /** Null: every image has one label. */
  readonly mix: LabelMix | null;
  readonly scalars: StepScalars;
}

/** What a kernel finds when its instruction is made ready. */
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

/** Makes an instruction ready: looks arrays and sizes up once and gives what runs at each step. */
export type Kernel<O extends Op> = (instruction: InstructionOf<O>, context: KernelContext) => Run;
