import type { ShareInterval } from '../training/wilson.ts';
import { bootstrapIntervals } from './bootstrap.ts';
import { binSums, calibrationErrors, type Confidences } from './calibration.ts';
import { meanRates, RATES, ratesOf, type MeanRates } from './classFigures.ts';
import type { ClassCounts } from './confusion.ts';
import type { ImageScores } from './imageScores.ts';
import type { Tick } from './logitRows.ts';

type Interval = ShareInterval | null;

/** The intervals that no formula gives: by bootstrap. */
export interface SampledIntervals {
  readonly macro: Readonly<Record<keyof MeanRates, Interval>>;
  readonly weighted: Readonly<Record<keyof MeanRates, Interval>>;
  readonly balanced: Interval;
  readonly expectedError: Interval;
  readonly logLoss: Interval;
  /** Of each class. */
  readonly f1: readonly Interval[];
}

/** All figures are computed on the same samples of the images. */
export async function sampledIntervals(
  scores: ImageScores,
  confidences: Confidences,
  tick: Tick,
): Promise<SampledIntervals> {
  const { classes, logLoss } = scores;
  const counts = emptyCounts(classes);
  const found = await bootstrapIntervals(
    scores.count,
    (drawn) => {
      countDrawn(scores, drawn, counts);
      const { macro, weighted, balanced } = meanRates(counts);
      const { expected } = calibrationErrors(binSums(confidences, drawn));
      const loss = drawn.reduce((sum, image) => sum + (logLoss[image] ?? NaN), 0) / drawn.length;
      const f1 = Array.from({ length: classes }, (_, k) => ratesOf(counts, k).f1 ?? NaN);
      const means = [macro, weighted].flatMap((each) => RATES.map((name) => each[name]));
      return [...means, balanced, expected, loss, ...f1];
    },
    tick,
  );
  const at = (index: number): Interval => found[index] ?? null;
  const rates = (from: number) => ({ precision: at(from), recall: at(from + 1), f1: at(from + 2) });
  return {
    ...{ macro: rates(0), weighted: rates(RATES.length), balanced: at(6), expectedError: at(7) },
    ...{ logLoss: at(8), f1: Array.from({ length: classes }, (_, k) => at(9 + k)) },
  };
}

function emptyCounts(classes: number): ClassCounts {
  return {
    support: new Uint32Array(classes),
    decided: new Uint32Array(classes),
    correct: new Uint32Array(classes),
  };
}

/** Counts the drawn images, without a matrix: there are a thousand samples of perhaps a thousand classes. */
function countDrawn({ labels, decided }: ImageScores, drawn: Uint32Array, counts: ClassCounts): void {
  for (const each of [counts.support, counts.decided, counts.correct]) each.fill(0);
  for (const image of drawn) {
    const [label = 0, given = 0] = [labels[image], decided[image]];
    counts.support[label] = (counts.support[label] ?? 0) + 1;
    counts.decided[given] = (counts.decided[given] ?? 0) + 1;
    if (label === given) counts.correct[label] = (counts.correct[label] ?? 0) + 1;
  }
}
