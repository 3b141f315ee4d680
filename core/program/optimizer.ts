/** Gradient clipping before the update, as torch.nn.utils.clip_grad_norm_ and clip_grad_value_. */
export interface Clipping {
  /**
   * `norm`: scaled down to a global Euclidean norm of `limit`. `value`: each element is clamped to `-limit … limit`.
   */
  readonly by: 'norm' | 'value';
  readonly limit: number;
}

/** The settings of an update that all optimizers share. */
export interface UpdateTerms {
  /** Coefficient of `sign(w)` in the gradient of kernels. */
  readonly l1: number;
  /** Weight decay of kernels. */
  readonly l2: number;
  /** Absent: no clipping. */
  readonly clipping?: Clipping;
  /** True when an update may accumulate the gradients of several batches (`StepScalars.accumulation`). */
  readonly accumulates?: true;
  /** Decay of the moving average of the weights kept beside them; absent: none is kept. */
  readonly averageDecay?: number;
}

/**
 * The update at the end of a training step, one fused pass over all trainable parameters. The learning rate and the
 * step number are passed at each step. `planOf` in `core/optimizers/registry.ts` creates the plan; the formula of each
 * optimizer is on its page in that folder.
 */
export interface OptimizerPlan extends UpdateTerms {
  /** Name of the optimizer, in `core/optimizers` and in the table of the native backend. */
  readonly kind: string;
  /** Names of its moments, each an array as long as all parameters, at `StateLayout.momentOffsets` in this order. */
  readonly moments: readonly string[];
  /** Its coefficients by name, in the order in which the program is printed. */
  readonly coefficients: Readonly<Record<string, number | boolean>>;
}

/**
 * Share of the old value in the moving average at update `step` (from 1): `min(decay, (1 + t) / (10 + t))`, so that the
 * untrained first weights are soon forgotten; as TensorFlow's ExponentialMovingAverage with `num_updates`.
 */
export function averageShare(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}
