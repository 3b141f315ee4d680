import type { ComputePrecision } from '#core/backend/backend.ts';
import type { GoldenError } from './goldenErrors.ts';

/** Bounds of the `GoldenError`s of one precision. */
export interface GoldenTolerances {
  /**
   * `largest`: each element relative to the tensor's largest one. `norm`: the tensor as a whole, where single elements
   * may have large errors.
   */
  readonly measure: 'largest' | 'norm';
  /** One operation: forward, gradients, statistics, evaluation. */
  readonly operation: number;
  /** Losses of ten steps of an optimizer, and parameters and statistics after them. */
  readonly optimizer: number;
  /** Losses of the training of a built-in network, and its statistics afterwards. */
  readonly losses: number;
  readonly statistics: number;
}

/** Unit roundoff of bfloat16, which has 8 significant bits: the largest relative error of one rounding. */
const BF16_ROUNDING = 2 ** -8;

/**
 * - f64: the same arithmetic in another order; a few roundings of 1e-16, hundreds where a training amplifies them.
 * - f32: a few roundings of 6e-8 for an operation. Training a deep network amplifies them, as in PyTorch itself.
 * - bf16: activations and gradients are rounded at every block. The rounding errors are nearly independent, so that the
 *   relative error of a whole tensor is a fraction of the unit roundoff for each of its roundings: image, kernel,
 *   output, upstream gradient, and a sum in which terms cancel.
 */
export const GOLDEN_TOLERANCES: Readonly<Record<ComputePrecision, GoldenTolerances>> = {
  f64: { measure: 'largest', operation: 1e-13, optimizer: 1e-13, losses: 1e-12, statistics: 1e-12 },
  f32: { measure: 'largest', operation: 1e-5, optimizer: 1e-5, losses: 1e-3, statistics: 1e-2 },
  bf16: {
    measure: 'norm',
    operation: 8 * BF16_ROUNDING,
    optimizer: 8 * BF16_ROUNDING,
    losses: 8 * BF16_ROUNDING,
    statistics: 16 * BF16_ROUNDING,
  },
};

/** The bound of one error of a case of `family`. */
export function boundOf(tolerances: GoldenTolerances, family: string, { quantity }: GoldenError): number {
  if (family === 'optimizer') return tolerances.optimizer;
  if (family !== 'template') return tolerances.operation;
  return quantity === 'losses' ? tolerances.losses : tolerances.statistics;
}

/**
 * Number of training steps that the slow float64 reference replays, where not all; it replays deep networks at a small
 * size.
 */
export const REFERENCE_STEPS: Readonly<Record<string, number>> = {
  'mnist-cnn-bn': 4,
  'vgg-bn': 0,
  resnet20: 0,
};
