import type { Readout } from '../losses/definition.ts';
import { classProbabilities } from '../export/readout.ts';

/** Probabilities of images, from one network or as means over several. */
export interface LabelledProbabilities {
  readonly count: number;
  readonly classes: number;
  /** Given class of each image, `[count]`. */
  readonly labels: Int32Array;
  /** Probabilities of the images from `start` to `end - 1`, `[end - start, classes]`; each image's sum to 1. */
  read(start: number, end: number): Promise<Float64Array>;
}

/**
 * Probabilities of the classes that sum to 1: where each class has a probability of its own, they are divided by their
 * sum, or equal where all are 0.
 */
export function classShares(readout: Readout, logits: ArrayLike<number>): number[] {
  const probabilities = classProbabilities(readout, logits);
  if (readout === 'softmax' || logits.length === 1) return probabilities;
  const sum = probabilities.reduce((total, value) => total + value, 0);
  return probabilities.map((value) => (sum > 0 ? value / sum : 1 / probabilities.length));
}
