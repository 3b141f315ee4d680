import type { Shape } from './shape.ts';
import type { Instruction } from './instruction.ts';
import type { OptimizerPlan } from './optimizer.ts';
import type { StateLayout } from './stateLayout.ts';
import type { TensorId, TensorSpec } from './tensor.ts';

/**
 * `train`: blocks as their switches say, backward pass, update. `evaluate`: frozen statistics, no dropout, loss when
 * labels come. `calibrate`: forward only, every BatchNorm by its batch, no dropout, statistics reported and none
 * stored.
 */
export type ProgramMode = 'train' | 'evaluate' | 'calibrate';

/**
 * First and last instruction (by index) that touch a tensor; the backend lays tensors with disjoint lives over each
 * other.
 */
export interface Lifetime {
  readonly tensor: TensorId;
  readonly first: number;
  readonly last: number;
}

/** A compiled network: flat, typed, plain data (it survives JSON), the same for every backend and every batch size. */
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
  /** Numbers a sample at the Output: `classes`, or 1 where one logit tells two classes apart. */
  readonly logitCount: number;
  /** Where parameters and statistics are read, in elements behind their slots' offsets: 0, or the averages' place. */
  readonly weightsOffset: number;
  readonly inputs: { readonly images: TensorId; readonly labels: TensorId };
  readonly outputs: {
    readonly logits: TensorId;
    readonly loss: TensorId;
    readonly correct: TensorId;
    /** Gradient at the input; present only when compiled with `inputGradient`. */
    readonly inputGradient: TensorId | null;
  };
  readonly lifetimes: readonly Lifetime[];
  /** Null unless `mode` is 'train'. */
  readonly optimizer: OptimizerPlan | null;
}
