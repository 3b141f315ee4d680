import type { Estimate } from './estimate.ts';

/** The normal quantile of a two-sided interval of 95 %. */
const Z = 1.959964;

/**
 * Area under the ROC curve for two classes: the probability that an image of class 1 is preferred to an image of class
 * 0 (a tie counts one half), from `scores`, larger for class 1, and `labels`. Equal to scikit-learn's `roc_auc_score`.
 * The interval is that of DeLong, DeLong and Clarke-Pearson (1988, "Comparing the areas under two or more correlated
 * receiver operating characteristic curves", Biometrics 44), computed from mid-ranks (Sun and Xu 2014, IEEE Signal
 * Processing Letters 21). It is not defined where the variance is 0, as for a perfect separation. Null without images
 * of both classes.
 */
export function rocAuc(scores: Float64Array, labels: Int32Array): Estimate | null {
  const positive = scores.filter((_, at) => labels[at] === 1);
  const negative = scores.filter((_, at) => labels[at] === 0);
  const [m, n] = [positive.length, negative.length];
  if (m === 0 || n === 0) return null;
  const joint = new Float64Array(m + n);
  joint.set(positive);
  joint.set(negative, m);
  const all = midRanks(joint);
  const [own, other] = [midRanks(positive), midRanks(negative)];
  const wins = own.map((rank, at) => ((all[at] ?? NaN) - rank) / n);
  const losses = other.map((rank, at) => 1 - ((all[m + at] ?? NaN) - rank) / m);
  const value = mean(wins);
  const deviation = Math.sqrt(variance(wins) / m + variance(losses) / n);
  const interval =
    deviation > 0
      ? { low: Math.max(0, value - Z * deviation), high: Math.min(1, value + Z * deviation) }
      : null;
  return { value, interval, method: 'delong' };
}

/** Ranks from 1 on; equal values share the mean of their ranks. */
export function midRanks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));
  const ranks = new Float64Array(values.length);
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let at = start; at < end; at += 1) ranks[order[at] ?? 0] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** With the divisor n - 1; NaN for one value. */
function variance(values: Float64Array): number {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
}
