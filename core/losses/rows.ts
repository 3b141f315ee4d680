import type { LossTerms } from './definition.ts';

/* Parts of the losses of one sample over its K logits. */

/** Element `index`; NaN outside the array, so that a wrong index shows in every result behind it. */
export function at(values: Float64Array, index: number): number {
  return values[index] ?? NaN;
}

/** Weight of class `k` in the loss; 1 where classes have none. */
export function weightAt({ classWeights }: LossTerms, k: number): number {
  return classWeights?.[k] ?? 1;
}

/** Share of class `k` of `count` in the target of a sample of class `label`: `(1-s) * [k = y] + s/K`. */
export function softTarget({ labelSmoothing }: LossTerms, k: number, label: number, count: number): number {
  return (k === label ? 1 - labelSmoothing : 0) + labelSmoothing / count;
}

/** Answer of the yes-or-no question `k`: `(1-s) * [k = y] + s/2`; over one logit `[k = y]` is `[y = 1]`. */
export function hardTarget({ labelSmoothing }: LossTerms, k: number, label: number, count: number): number {
  const isOne = count === 1 ? label === 1 : k === label;
  return (isOne ? 1 - labelSmoothing : 0) + labelSmoothing / 2;
}

/** Log of the sum of exponentials, the largest taken out first so that nothing overflows. */
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
