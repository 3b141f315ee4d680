import type { NodeId } from '../diagnostics/ids.ts';
import type { Shape } from './shape.ts';
import type { Instruction } from './instruction.ts';
import type { OptimizerPlan } from './optimizer.ts';
import type { StateLayout } from './stateLayout.ts';
import type { TensorId, TensorSpec } from './tensor.ts';

/**
 * `train`: forward pass by the switches of each block, backward pass, update. `evaluate`: running statistics, no
 * dropout, loss when labels are given. `calibrate`: forward pass only, every BatchNorm by batch statistics, no dropout;
 * batch statistics are reported and running statistics stay unchanged.
 */
export type ProgramMode = 'train' | 'evaluate' | 'calibrate';

/** Indices of the first and last instruction that use a tensor. Tensors with disjoint lifetimes may share memory. */
export interface Lifetime {
  readonly tensor: TensorId;
  readonly first: number;
  readonly last: number;
}

/** The output of a block, read after a run, and the gradient of one logit with respect to it. */
interface Tap {
  readonly node: NodeId;
  readonly value: TensorId;
  /** Null unless compiled with gradients. */
  readonly gradient: TensorId | null;
}

/** A compiled network: flat, typed, plain data that JSON can hold, the same for every backend and every batch size. */
export interface Program {
  readonly mode: ProgramMode;
  readonly tensors: readonly TensorSpec[];
  readonly instructions: readonly Instruction[];
  readonly state: StateLayout;
  /** `u8`: bytes `[N, H, W, C]` through `normalizeInput`. `f32`: floats `[N, C, H, W]` or `[N, F]` as they are. */
  readonly inputType: 'u8' | 'f32';
  /** `[C, H, W]` or `[F]`. */
  readonly inputShape: Shape;
  readonly classes: number;
  /** Values per sample at the Output block: `classes`, or 1 where one logit distinguishes two classes. */
  readonly logitCount: number;
  /**
   * Added to the offset of a slot, in elements, to read parameters and statistics: 0, or the offset of the averages.
   */
  readonly weightsOffset: number;
  /** `labels`: null in the program of a prefix, which ends before the loss. */
  readonly inputs: { readonly images: TensorId; readonly labels: TensorId | null };
  readonly outputs: {
    /** In the program of a prefix: its features, `[N, F]` in C, H, W order. */
    readonly logits: TensorId;
    /** Loss and hits: null in the program of a prefix. */
    readonly loss: TensorId | null;
    readonly correct: TensorId | null;
    /** Gradient at the input; present only when compiled with `inputGradient`. */
    readonly inputGradient: TensorId | null;
    /** In the order of `CompileOptions.taps`; empty without them. Two blocks may have one tensor as their output. */
    readonly taps: readonly Tap[];
  };
  readonly lifetimes: readonly Lifetime[];
  /** Null unless `mode` is 'train', and in the program of a prefix. */
  readonly optimizer: OptimizerPlan | null;
}
