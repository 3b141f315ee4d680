import { bootstrapIntervals } from './bootstrap.ts';
import { cohenKappa, countForKappa } from './cohenKappa.ts';
import { compareDecisions, type McNemar } from './compareDecisions.ts';
import type { Confusion } from './confusion.ts';
import { shareOf, type Estimate } from './estimate.ts';
import type { LogitRows, Tick } from './logitRows.ts';
import { differenceOfShares, type PairedCounts, type PairedEstimate } from './pairedInterval.ts';
import type { PairedImages } from './pairImages.ts';
import { scorePair, type PairScores } from './pairScores.ts';

/** Figures of one of two networks on the common images. */
interface SideFigures {
  readonly accuracy: Estimate | null;
  /** Mean in nats; null where a logit is not finite. */
  readonly logLoss: Estimate | null;
}

/** The images of one class. All differences are second minus first. */
export interface PairedClass extends PairedCounts {
  readonly class: string;
  readonly support: number;
  readonly first: Estimate | null;
  readonly second: Estimate | null;
  /** Difference of the recalls. */
  readonly difference: PairedEstimate | null;
}

/** All figures of two networks on the same images: plain data. Differences are second minus first. */
export interface PairFigures {
  readonly images: number;
  readonly onlyInFirst: number;
  readonly onlyInSecond: number;
  readonly relabelled: number;
  readonly first: SideFigures;
  readonly second: SideFigures;
  readonly accuracyDifference: PairedEstimate | null;
  readonly logLossDifference: PairedEstimate | null;
  /** Images that both, only one and neither gets right. */
  readonly right: PairedCounts;
  readonly mcnemar: McNemar;
  /** Share of images that get the same class, and Cohen's kappa. */
  readonly agreement: Estimate | null;
  readonly kappa: PairedEstimate | null;
  /** |difference of the probabilities| of one class of one image; null where a logit is not finite. */
  readonly probabilityGap: { readonly mean: number; readonly largest: number } | null;
  readonly perClass: readonly PairedClass[];
  readonly notFinite: number;
}

/** The figures, and what they were computed from. */
export interface JudgedPair {
  readonly figures: PairFigures;
  /** Row: class that the first network gives; column: that of the second. */
  readonly matrix: Confusion;
  readonly scores: PairScores;
}

/** Computes every figure from the logits of both networks, which are read once. */
export async function computePairFigures(
  rows: { readonly first: LogitRows; readonly second: LogitRows },
  pairs: PairedImages,
  { classNames, tick }: { readonly classNames: readonly string[]; readonly tick: Tick },
): Promise<JudgedPair> {
  const scores = await scorePair(rows, pairs, classNames.length, tick);
  const { labels, first, second, notFinite } = scores;
  const compared = compareDecisions(labels, first.decided, second.decided, classNames.length);
  const { matrix, agreement, mcnemar, both, onlyFirst, onlySecond, neither } = compared;
  const right = { both, onlyFirst, onlySecond, neither };
  const sampled = await sampledFigures(scores, tick);
  const perClass = countClasses(scores).map((counts, k) => pairedClass(classNames[k] ?? '', counts));
  const { onlyInFirst, onlyInSecond, relabelled } = pairs;
  const figures: PairFigures = {
    ...{ images: scores.count, onlyInFirst, onlyInSecond, relabelled },
    first: { accuracy: shareOf(both + onlyFirst, scores.count), logLoss: sampled.first },
    second: { accuracy: shareOf(both + onlySecond, scores.count), logLoss: sampled.second },
    accuracyDifference: differenceOfShares(right),
    logLossDifference: sampled.difference,
    ...{ right, mcnemar, agreement, kappa: sampled.kappa },
    probabilityGap: notFinite > 0 ? null : { mean: scores.meanGap, largest: scores.largestGap },
    ...{ perClass, notFinite },
  };
  return { figures, matrix, scores };
}

interface Sampled {
  readonly first: Estimate | null;
  readonly second: Estimate | null;
  readonly difference: PairedEstimate | null;
  readonly kappa: PairedEstimate | null;
}

/** The figures whose intervals no formula gives; a sample has both answers of each of its images. */
async function sampledFigures(scores: PairScores, tick: Tick): Promise<Sampled> {
  const { first, second, classes, count, notFinite } = scores;
  const differences = second.logLoss.map((loss, image) => loss - (first.logLoss[image] ?? NaN));
  const figuresOf = (drawn: Uint32Array | null): readonly [number, number, number, number] => [
    meanOf(first.logLoss, drawn),
    meanOf(second.logLoss, drawn),
    meanOf(differences, drawn),
    cohenKappa(countForKappa(first.decided, second.decided, classes, drawn)),
  ];
  const [one, other, difference, kappa] = figuresOf(null);
  const intervals = await bootstrapIntervals(count, figuresOf, tick);
  const estimate = (value: number, at: number) =>
    Number.isFinite(value) ? { value, interval: intervals[at] ?? null, method: 'bootstrap' as const } : null;
  const isMeasured = notFinite === 0;
  return {
    first: isMeasured ? estimate(one, 0) : null,
    second: isMeasured ? estimate(other, 1) : null,
    difference: isMeasured ? estimate(difference, 2) : null,
    kappa: estimate(kappa, 3),
  };
}

function meanOf(values: Float64Array, drawn: Uint32Array | null): number {
  if (drawn === null) return values.reduce((sum, value) => sum + value, 0) / values.length;
  let sum = 0;
  for (const image of drawn) sum += values[image] ?? NaN;
  return sum / drawn.length;
}

/** Of each class, images that both, only one and neither gets right. */
function countClasses({ labels, first, second, classes }: PairScores): PairedCounts[] {
  const counts = Array.from({ length: classes }, () => [0, 0, 0, 0]);
  labels.forEach((label, image) => {
    const cell = (first.decided[image] === label ? 0 : 2) + (second.decided[image] === label ? 0 : 1);
    const row = counts[label];
    if (row !== undefined) row[cell] = (row[cell] ?? 0) + 1;
  });
  return counts.map(([both = 0, onlyFirst = 0, onlySecond = 0, neither = 0]) => ({
    ...{ both, onlyFirst, onlySecond, neither },
  }));
}

function pairedClass(name: string, counts: PairedCounts): PairedClass {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const support = both + onlyFirst + onlySecond + neither;
  return {
    ...{ class: name, support, ...counts },
    first: shareOf(both + onlyFirst, support),
    second: shareOf(both + onlySecond, support),
    difference: differenceOfShares(counts),
  };
}
