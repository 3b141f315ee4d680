import type { LossSettings } from '../document/trainingSettings.ts';

/**
 * How the numbers at the Output become probabilities; it follows from the loss that the network was trained by.
 * - softmax: over all classes (cross-entropy, focal).
 * - sigmoid: `1 / (1 + exp(-z))`. Over K logits (binary cross-entropy) each class has its own yes or no, and they need not add up
 *   to 1; over one logit (binary cross-entropy, focal) it is the probability of the second class.
 * - clip: the number itself, cut to 0 … 1 (mean square): the outputs were fitted to 0 and 1.
 */
export type Readout = 'softmax' | 'sigmoid' | 'clip';

/** The readout of a network trained by `loss` with `logitCount` numbers at its Output. */
export function readoutOf(loss: LossSettings, logitCount: number): Readout {
  switch (loss.kind) {
    case 'crossEntropy':
      return 'softmax';
    case 'focal':
      return logitCount === 1 ? 'sigmoid' : 'softmax';
    case 'binaryCrossEntropy':
      return 'sigmoid';
    case 'mse':
      return 'clip';
  }
}

/**
 * Class of a sample from its logits: the largest, the first of equals; over one logit class 1 where it is above 0 (its
 * probability above one half). The training accuracy counts the same way.
 */
export function decidedClass(logits: ArrayLike<number>): number {
  if (logits.length === 1) return (logits[0] ?? NaN) > 0 ? 1 : 0;
  let best = 0;
  for (let index = 1; index < logits.length; index += 1) {
    if ((logits[index] ?? -Infinity) > (logits[best] ?? -Infinity)) best = index;
  }
  return best;
}

/** Probability of each class from a sample's logits, in double precision; two of them from a single logit. */
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
