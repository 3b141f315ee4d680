import type { Readout } from '../losses/definition.ts';
import { lossOf, type LossSettings } from '../losses/registry.ts';

/** The readout of a network trained with `loss` and `logitCount` values at its Output. */
export function readoutOf(loss: LossSettings, logitCount: number): Readout {
  return lossOf(loss.kind).readout(logitCount);
}

/**
 * The predicted class of a sample: the largest logit, the first among equals; for a single logit, class 1 where it is
 * above 0 (probability above one half). Training accuracy uses the same rule.
 */
export function decidedClass(logits: ArrayLike<number>): number {
  if (logits.length === 1) return (logits[0] ?? NaN) > 0 ? 1 : 0;
  let best = 0;
  for (let index = 1; index < logits.length; index += 1) {
    if ((logits[index] ?? -Infinity) > (logits[best] ?? -Infinity)) best = index;
  }
  return best;
}

/** Probability of each class from a sample's logits, in double precision; a single logit gives two probabilities. */
export function classProbabilities(readout: Readout, logits: ArrayLike<number>): number[] {
  const values = Array.from(logits);
  switch (readout) {
    case 'softmax':
      return softmax(values);
    case 'sigmoid':
      return values.length === 1
        ? [sigmoid(-(values[0] ?? NaN)), sigmoid(values[0] ?? NaN)]
        : values.map(sigmoid);
    case 'clip':
      return values.map((value) => Math.min(1, Math.max(0, value)));
  }
}

function softmax(values: readonly number[]): number[] {
  const top = values.reduce((high, value) => Math.max(high, value), -Infinity);
  const powers = values.map((value) => Math.exp(value - top));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}
