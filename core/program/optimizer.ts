/** What is done to the gradient before the update; conventions of torch.nn.utils.clip_grad_norm_ and clip_grad_value_. */
export interface Clipping {
  /** `norm`: scaled down to a global Euclidean norm of `limit`. `value`: each element cut to `-limit … limit`. */
  readonly by: 'norm' | 'value';
  readonly limit: number;
}

interface Shared {
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
 * number come with each step. Formulas: `core/backend/reference/optimizer.ts`; they follow torch.optim, Lion its paper.
 */
export type OptimizerPlan = Shared &
  (
    | { readonly kind: 'sgd'; readonly momentum: number; readonly nesterov: boolean }
    | {
        readonly kind: 'rmsprop';
        readonly alpha: number;
        readonly epsilon: number;
        readonly momentum: number;
        readonly centered: boolean;
      }
    | {
        readonly kind: 'adam' | 'adamw';
        readonly beta1: number;
        readonly beta2: number;
        readonly epsilon: number;
      }
    | { readonly kind: 'lion'; readonly beta1: number; readonly beta2: number }
  );

/**
 * Share of the old value in the moving average at update `step` (from 1): `min(decay, (1 + t) / (10 + t))`, so that the first
 * weights, which have learned nothing, are soon forgotten; as TensorFlow's ExponentialMovingAverage with `num_updates`.
 */
export function averageShare(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}
