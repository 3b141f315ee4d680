import type { ComputePrecision } from '#core/backend/backend.ts';
import type { GoldenError } from './goldenErrors.ts';

/** Bounds of `GoldenError`s of one precision. */
export interface GoldenTolerances {
  /**
   * `largest`: each element against the tensor's largest one. `norm`: the tensor as a whole, where single elements may
   * jump.
   */
  readonly measure: 'largest' | 'norm';
  /** One operation: forward, gradients, statistics, evaluation. */
  readonly operation: number;
  /** Losses of ten steps of an optimizer, and parameters and statistics behind them. */
  readonly optimizer: number;
  /** Losses of a built-in network's course, and the statistics behind it. */
  readonly losses: number;
  readonly statistics: number;
}

/** Unit roundoff of bfloat16, which keeps 8 bits: the largest relative error of one rounding. */
const BF16_ROUNDING = 2 ** -8;

/**
 * - f64: the same arithmetic in another order; a few roundings of 1e-16, hundreds where a course amplifies them.
 * - f32: a few roundings of 6e-8 on an operation. A course of a deep network amplifies them, as it does PyTorch's own.
 * - bf16: activations and gradients are rounded at every block, at random, so that a tensor as a whole is off by a
 *   fraction of the unit roundoff for each of its roundings: image, kernel, output, gradient above, and a sum in which
 *   terms cancel.
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
 * Steps of a course that the slow float64 reference replays, where they are not all; deep networks it does at small
 * size.
 */
export const REFERENCE_STEPS: Readonly<Record<string, number>> = {
  'mnist-cnn-bn': 4,
  'vgg-bn': 0,
  resnet20: 0,
};
