import { classProbabilities, decidedClass } from '../export/readout.ts';
import type { Readout } from '../losses/definition.ts';
import { logSumExp, softplus } from '../losses/rows.ts';
import { forEachRow, type LogitRows, type Tick } from './logitRows.ts';

/** What the figures need of each image, `[N]` each: the logits themselves are read once. */
export interface ImageScores {
  readonly count: number;
  readonly classes: number;
  /** True class. */
  readonly labels: Int32Array;
  /** Class that the network gives, by `decidedClass`. */
  readonly decided: Int32Array;
  /** Probability of that class, as predictions show it. */
  readonly confidence: Float64Array;
  /**
   * Number of classes before the true one in the order of their logits; among equal logits the first class is first.
   */
  readonly rank: Int32Array;
  /**
   * `-log` of the share of the true class. With softmax and with a single logit the share is its probability; where
   * each class has a probability of its own, it is that divided by their sum, and not below 2^-52.
   */
  readonly logLoss: Float64Array;
  /** Preference for the second of two classes: the difference of their logits. Empty with other numbers of classes. */
  readonly preference: Float64Array;
  /** Number of images with a logit that is not finite; figures of probabilities have no meaning then. */
  readonly notFinite: number;
}

/** Smallest share in a log loss, as in scikit-learn's `log_loss`: float64's epsilon. */
const SMALLEST_SHARE = 2 ** -52;

/** Called with the logits of each image, valid until it returns, and the probability of the decided class. */
type EachImage = (logits: Float64Array, image: number, confidence: number) => void;

/** Reads all logits once. `classes`: the number of classes, 2 for a single logit. */
export async function scoreImages(
  rows: LogitRows,
  classes: number,
  tick: Tick,
  each: EachImage = () => undefined,
): Promise<ImageScores> {
  const { count, labels, readout } = rows;
  const scores = {
    ...{ count, classes, labels, decided: new Int32Array(count), rank: new Int32Array(count) },
    ...{ confidence: new Float64Array(count), logLoss: new Float64Array(count) },
    preference: new Float64Array(classes === 2 ? count : 0),
  };
  let notFinite = 0;
  await forEachRow(
    rows,
    (logits, label, image) => {
      const decided = decidedClass(logits);
      scores.decided[image] = decided;
      scores.rank[image] = rankOf(logits, label, decided);
      const confidence = confidenceOf(readout, logits, decided);
      scores.confidence[image] = confidence;
      scores.logLoss[image] = logLossOf(readout, logits, label);
      if (classes === 2) scores.preference[image] = preferenceOf(logits);
      if (!logits.every(Number.isFinite)) notFinite += 1;
      each(logits, image, confidence);
    },
    tick,
  );
  return { ...scores, notFinite };
}

function rankOf(logits: Float64Array, label: number, decided: number): number {
  if (logits.length === 1) return label === decided ? 0 : 1;
  const own = logits[label] ?? NaN;
  let before = 0;
  for (let k = 0; k < logits.length; k += 1) {
    const value = logits[k] ?? NaN;
    if (value > own || (value === own && k < label)) before += 1;
  }
  return before;
}

/** Probability of the decided class. */
export function confidenceOf(readout: Readout, logits: Float64Array, decided: number): number {
  if (readout !== 'softmax') return classProbabilities(readout, logits)[decided] ?? NaN;
  const top = logits[decided] ?? NaN;
  let sum = 0;
  for (let k = 0; k < logits.length; k += 1) sum += Math.exp((logits[k] ?? NaN) - top);
  return 1 / sum;
}

/** `-log` of the share of the true class: see `ImageScores`. */
export function logLossOf(readout: Readout, logits: Float64Array, label: number): number {
  if (readout === 'softmax') return logSumExp(logits) - (logits[label] ?? NaN);
  const [first = NaN] = logits;
  if (logits.length === 1) return softplus(label === 1 ? -first : first);
  const probabilities = classProbabilities(readout, logits);
  const sum = probabilities.reduce((total, value) => total + value, 0);
  const share = sum > 0 ? (probabilities[label] ?? NaN) / sum : 1 / probabilities.length;
  return -Math.log(Math.max(share, SMALLEST_SHARE));
}

function preferenceOf(logits: Float64Array): number {
  const [first = NaN, second] = logits;
  return second === undefined ? first : second - first;
}
