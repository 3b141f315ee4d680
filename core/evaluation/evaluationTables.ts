import { csvParts, csvTable, rowsOf, type CsvCell } from '../csv/csv.ts';
import { confusedPairs, rowOf } from './confusion.ts';
import type { EvaluationRecord } from './evaluationRecord.ts';
import type { Estimate } from './estimate.ts';
import type { Judged } from './figures.ts';

/** An evaluation with the names of its images. */
export interface NamedJudgement extends Judged {
  readonly record: EvaluationRecord;
  readonly files: readonly string[];
}

/** File names of the tables of an evaluation. */
export const EVALUATION_TABLES = [
  'figures.csv',
  'classes.csv',
  'confusion.csv',
  'confused.csv',
  'calibration.csv',
  'images.csv',
] as const;

/**
 * Every table of an evaluation as CSV (RFC 4180), by file name, each in parts that are made one after another and once:
 * numbers as computed, shares from 0 to 1, empty cells where a figure is not defined.
 */
export function evaluationTables(
  judged: NamedJudgement,
): ReadonlyMap<(typeof EVALUATION_TABLES)[number], Iterable<string>> {
  return new Map<(typeof EVALUATION_TABLES)[number], Iterable<string>>([
    ['figures.csv', [figuresTable(judged.record)]],
    ['classes.csv', [classesTable(judged.record)]],
    ['confusion.csv', confusionTable(judged)],
    ['confused.csv', confusedTable(judged)],
    ['calibration.csv', calibrationTable(judged)],
    ['images.csv', imagesTable(judged)],
  ]);
}

/** `figures.csv`: a row for each figure of all images, with its interval and the method of it. */
export function figuresTable({ figures, loss }: Pick<EvaluationRecord, 'figures' | 'loss'>): string {
  const { calibration, macro, weighted } = figures;
  const temperature = calibration?.temperature ?? null;
  const row = (name: string, estimate: Estimate | null): CsvCell[] => [name, ...cellsOf(estimate)];
  const plain = (name: string, value: number | null | undefined): CsvCell[] => [
    name,
    value ?? null,
    null,
    null,
    null,
  ];
  return csvTable(
    ['figure', 'value', 'low', 'high', 'interval'],
    [
      plain('images', figures.images),
      row('accuracy', figures.accuracy),
      ...figures.topK.map(({ k, accuracy }) => row(`top_${k}_accuracy`, accuracy)),
      row('balanced_accuracy', figures.balancedAccuracy),
      row('macro_precision', macro.precision),
      row('macro_recall', macro.recall),
      row('macro_f1', macro.f1),
      row('weighted_precision', weighted.precision),
      row('weighted_recall', weighted.recall),
      row('weighted_f1', weighted.f1),
      row('roc_auc', figures.rocAuc),
      row('log_loss', figures.logLoss),
      plain('loss', loss.mean),
      row('expected_calibration_error', calibration?.expectedError ?? null),
      plain('maximum_calibration_error', calibration?.maximumError),
      plain('temperature', temperature?.value),
      plain('expected_calibration_error_at_temperature', temperature?.expectedError),
    ],
  );
}

/** Value, bounds, and the method of the interval. */
function cellsOf(estimate: Estimate | null): CsvCell[] {
  if (estimate === null) return [null, null, null, null];
  const { value, interval, method } = estimate;
  return [value, interval?.low ?? null, interval?.high ?? null, method];
}

/** `classes.csv`: a row for each class. */
export function classesTable({ figures }: Pick<EvaluationRecord, 'figures'>): string {
  const rates = ['precision', 'recall', 'f1'] as const;
  return csvTable(
    [
      'class',
      'images',
      'given',
      'correct',
      ...rates.flatMap((name) => [name, `${name}_low`, `${name}_high`]),
    ],
    figures.perClass.map((each) => [
      ...[each.class, each.support, each.decided, each.correct],
      ...rates.flatMap((name) => cellsOf(each[name]).slice(0, 3)),
    ]),
  );
}

/** Row: true class; column: class given. */
function confusionTable({ confusion, record }: NamedJudgement): Iterable<string> {
  const { classNames } = record;
  const rows = rowsOf(classNames, (name, k) => [name, ...rowOf(confusion, k)]);
  return csvParts(['true class', ...classNames], rows);
}

function confusedTable({ confusion, figures, record }: NamedJudgement): Iterable<string> {
  const nameOf = (k: number): string => record.classNames[k] ?? '';
  return csvParts(
    ['true class', 'class given', 'images', 'share of true class'],
    confusedPairs(confusion).map(({ from, to, images }) => [
      ...[nameOf(from), nameOf(to), images],
      images / (figures.perClass[from]?.support ?? NaN),
    ]),
  );
}

function calibrationTable({ figures }: NamedJudgement): Iterable<string> {
  return csvParts(
    ['above', 'up to', 'images', 'mean confidence', 'accuracy', 'low', 'high'],
    (figures.calibration?.bins ?? []).map(({ low, high, images, confidence, accuracy }) => [
      ...[low, high, images, confidence],
      ...cellsOf(accuracy).slice(0, 3),
    ]),
  );
}

function imagesTable({ files, scores, record }: NamedJudgement): Iterable<string> {
  const nameOf = (k: number | undefined): string => record.classNames[k ?? -1] ?? '';
  return csvParts(
    ['file', 'true class', 'class given', 'probability', 'log loss', 'rank of true class'],
    rowsOf(files, (file, image) => [
      ...[file, nameOf(scores.labels[image]), nameOf(scores.decided[image])],
      ...[scores.confidence[image] ?? NaN, scores.logLoss[image] ?? NaN, (scores.rank[image] ?? NaN) + 1],
    ]),
  );
}
