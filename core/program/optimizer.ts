/**
 * What is done to the gradient before the update; conventions of torch.nn.utils.clip_grad_norm_ and clip_grad_value_.
 */
export interface Clipping {
  /** `norm`: scaled down to a global Euclidean norm of `limit`. `value`: each element cut to `-limit … limit`. */
  readonly by: 'norm' | 'value';
  readonly limit: number;
}

/** The parts of an update that every optimizer has. */
export interface UpdateTerms {
  /** Coefficient of `sign(w)` in the gradient of kernels. */
  readonly l1: number;
  /** Weight decay of kernels. */
  readonly l2: number;
  /** Absent: the gradient is taken as it is. */
  readonly clipping?: Clipping;
  /** True where an update may gather the gradients of several batches (`StepScalars.accumulation`). */
  readonly accumulates?: true;
  /** Decay of the moving average of the weights kept beside them; absent: none is kept. */
  readonly averageDecay?: number;
}

/**
 * The update that closes a training step, one fused pass over all trainable parameters. The learning rate and the step
 * number come with each step. `core/optimizers/registry.ts` makes it (`planOf`); each optimizer's formula is on its
 * page there.
 */
export interface OptimizerPlan extends UpdateTerms {
  /** Name of the optimizer: a page of `core/optimizers`, and a row in the native backend's table. */
  readonly kind: string;
  /**
   * Names of the arrays that it keeps, each as long as all parameters; they stand at `StateLayout.momentOffsets`, in
   * this order.
   */
  readonly moments: readonly string[];
  /** Its coefficients by name, in the order in which the program's printer tells them. */
  readonly coefficients: Readonly<Record<string, number | boolean>>;
}

/**
 * Share of the old value in the moving average at update `step` (from 1): `min(decay, (1 + t) / (10 + t))`, so that the
 * first weights, which have learned nothing, are soon forgotten; as TensorFlow's ExponentialMovingAverage with
 * `num_updates`.
 */
export function averageShare(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}
