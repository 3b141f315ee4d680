import { calibrationBins, calibrationErrors, binSums, type CalibrationBin } from './calibration.ts';
import { meanRates, ratesOf, type MeanRates } from './classFigures.ts';
import { classCountsOf, countConfusion, type ClassCounts, type Confusion } from './confusion.ts';
import { shareOf, type Estimate } from './estimate.ts';
import { scoreImages, type ImageScores } from './imageScores.ts';
import type { LogitRows, Tick } from './logitRows.ts';
import { rocAuc } from './rocAuc.ts';
import { sampledIntervals, type SampledIntervals } from './sampledFigures.ts';
import { fitTemperature, type Temperature } from './temperature.ts';
import { topKOf, type TopK } from './topK.ts';

/** The figures of one class; an estimate is null where it is not defined (0 / 0). */
export interface ClassFigures {
  readonly class: string;
  /** Images of the class, images given to it, and images that are both. */
  readonly support: number;
  readonly decided: number;
  readonly correct: number;
  readonly precision: Estimate | null;
  readonly recall: Estimate | null;
  readonly f1: Estimate | null;
}

/** Precision, recall and F1 as means over the classes; each null without images. */
type MeanFigures = Readonly<Record<keyof MeanRates, Estimate | null>>;

/** Whether the probabilities are right. */
interface Calibration {
  readonly bins: readonly CalibrationBin[];
  readonly expectedError: Estimate;
  readonly maximumError: number;
  /** Null where the loss has no minimum, and for outputs that are clipped. */
  readonly temperature: Temperature | null;
}

/** All figures of an evaluation: plain data. */
export interface Figures {
  readonly images: number;
  readonly accuracy: Estimate | null;
  readonly topK: readonly TopK[];
  /** Mean recall of the classes with images. */
  readonly balancedAccuracy: Estimate | null;
  readonly macro: MeanFigures;
  readonly weighted: MeanFigures;
  readonly perClass: readonly ClassFigures[];
  /** For two classes. */
  readonly rocAuc: Estimate | null;
  /** Mean over the images; see `ImageScores`. The unit is nats. */
  readonly logLoss: Estimate | null;
  /** Null without images, and where a logit is not finite. */
  readonly calibration: Calibration | null;
  /** Images with a logit that is not finite. */
  readonly notFinite: number;
}

/** The figures, and what they were computed from. */
export interface Judged {
  readonly figures: Figures;
  readonly confusion: Confusion;
  readonly scores: ImageScores;
}

export interface FigureOptions {
  readonly classNames: readonly string[];
  /** The k of the top-k accuracies. */
  readonly topK: readonly number[];
  readonly tick: Tick;
}

/** Computes every figure from the logits. Reads them about ten times, for the temperature. */
export async function computeFigures(rows: LogitRows, options: FigureOptions): Promise<Judged> {
  const { classNames, tick } = options;
  const scores = await scoreImages(rows, classNames.length, tick);
  const confusion = countConfusion(scores.labels, scores.decided, classNames.length);
  const counts = classCountsOf(confusion);
  const { labels, decided, confidence, count } = scores;
  const right = Uint8Array.from(labels, (label, image) => (label === decided[image] ? 1 : 0));
  const hits = right.reduce((sum, each) => sum + each, 0);
  const isMeasured = count > 0 && scores.notFinite === 0;
  const sampled = await sampledIntervals(scores, { confidence, right }, tick);
  const logLoss = scores.logLoss.reduce((sum, loss) => sum + loss, 0) / count;
  const figures: Figures = {
    ...{ images: count, notFinite: scores.notFinite, accuracy: shareOf(hits, count) },
    topK: options.topK.map((k) => topKOf(scores, k)),
    ...meanFigures(counts, sampled),
    perClass: classNames.map((name, k) => classFigures(counts, name, k, sampled)),
    rocAuc: isMeasured && classNames.length === 2 ? rocAuc(scores.preference, labels) : null,
    logLoss: isMeasured ? sampledEstimate(logLoss, sampled.logLoss) : null,
    calibration: isMeasured ? await calibrationOf(rows, { confidence, right }, sampled, tick) : null,
  };
  return { figures, confusion, scores };
}

function meanFigures(
  counts: ClassCounts,
  sampled: SampledIntervals,
): Pick<Figures, 'macro' | 'weighted' | 'balancedAccuracy'> {
  const found = meanRates(counts);
  const estimates = (side: 'macro' | 'weighted'): MeanFigures => ({
    precision: sampledEstimate(found[side].precision, sampled[side].precision),
    recall: sampledEstimate(found[side].recall, sampled[side].recall),
    f1: sampledEstimate(found[side].f1, sampled[side].f1),
  });
  return {
    ...{ macro: estimates('macro'), weighted: estimates('weighted') },
    balancedAccuracy: sampledEstimate(found.balanced, sampled.balanced),
  };
}

function sampledEstimate(value: number, interval: Estimate['interval']): Estimate | null {
  return Number.isFinite(value) ? { value, interval, method: 'bootstrap' } : null;
}

function classFigures(counts: ClassCounts, name: string, k: number, { f1 }: SampledIntervals): ClassFigures {
  const [support = 0, decided = 0, correct = 0] = [counts.support[k], counts.decided[k], counts.correct[k]];
  return {
    ...{ class: name, support, decided, correct },
    precision: shareOf(correct, decided),
    recall: shareOf(correct, support),
    f1: sampledEstimate(ratesOf(counts, k).f1 ?? NaN, f1[k] ?? null),
  };
}

async function calibrationOf(
  rows: LogitRows,
  confidences: { readonly confidence: Float64Array; readonly right: Uint8Array },
  sampled: SampledIntervals,
  tick: Tick,
): Promise<Calibration> {
  const sums = binSums(confidences, null);
  const { expected, maximum } = calibrationErrors(sums);
  return {
    bins: calibrationBins(sums),
    expectedError: { value: expected, interval: sampled.expectedError, method: 'bootstrap' },
    maximumError: maximum,
    temperature: await fitTemperature(rows, tick),
  };
}
