import type { LossTerms } from './definition.ts';

/* Parts of the losses of one sample over its K logits. */

/** Returns element `index`; NaN outside the array, so that a wrong index is visible in every result. */
export function at(values: Float64Array, index: number): number {
  return values[index] ?? NaN;
}

/** Weight of class `k` in the loss; 1 without class weights. */
export function weightAt({ classWeights }: LossTerms, k: number): number {
  return classWeights?.[k] ?? 1;
}

/**
 * Smoothed target of class `k` for a sample of class y = `label`, with K = `count` classes: `(1-s) * [k = y] + s/K`.
 */
export function softTarget({ labelSmoothing }: LossTerms, k: number, label: number, count: number): number {
  return (k === label ? 1 - labelSmoothing : 0) + labelSmoothing / count;
}

/** Smoothed binary target of logit `k`: `(1-s) * [k = y] + s/2`; with one logit `[k = y]` is `[y = 1]`. */
export function hardTarget({ labelSmoothing }: LossTerms, k: number, label: number, count: number): number {
  const isOne = count === 1 ? label === 1 : k === label;
  return (isOne ? 1 - labelSmoothing : 0) + labelSmoothing / 2;
}

/** Log of the sum of exponentials. The maximum is subtracted first, so nothing overflows. */
export function logSumExp(row: Float64Array): number {
  const largest = row.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(row.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

/** `log(1 + exp(z))`. */
export function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** `1 / (1 + exp(-z))`. */
export function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}
