import { csvParts, csvTable, rowsOf, type CsvCell } from '../csv/csv.ts';
import { sparseCells } from './confusion.ts';
import type { Estimate } from './estimate.ts';
import type { PairedEstimate } from './pairedInterval.ts';
import type { JudgedPair } from './pairFigures.ts';
import { differingImages, PAIR_LISTS } from './pairLists.ts';
import type { PairRecord } from './pairRecord.ts';

/** A comparison with the names of its images. */
export interface NamedPair extends JudgedPair {
  readonly record: PairRecord;
  /** Name of each common image in the first evaluation, `[N]`. */
  readonly files: readonly string[];
}

/** File names of the tables of a comparison. */
export const PAIR_TABLES = ['pair.csv', 'classes.csv', 'agreement.csv', 'differing.csv'] as const;

/**
 * Every table of a comparison as CSV (RFC 4180), by file name, each in parts that are made one after another and once;
 * empty cells where a figure is not defined.
 */
export function pairTables(pair: NamedPair): ReadonlyMap<(typeof PAIR_TABLES)[number], Iterable<string>> {
  return new Map<(typeof PAIR_TABLES)[number], Iterable<string>>([
    ['pair.csv', [figuresTable(pair)]],
    ['classes.csv', [classesTable(pair)]],
    ['agreement.csv', [agreementTable(pair)]],
    ['differing.csv', differingTable(pair)],
  ]);
}

function figuresTable({ figures }: NamedPair): string {
  const { first, second, right, mcnemar, probabilityGap } = figures;
  const row = (name: string, found: Estimate | PairedEstimate | null): CsvCell[] => [
    ...[name, found?.value ?? null, found?.interval?.low ?? null, found?.interval?.high ?? null],
    found?.method ?? null,
  ];
  const plain = (name: string, value: number | null | undefined): CsvCell[] => [
    ...[name, value ?? null, null, null, null],
  ];
  return csvTable(
    ['figure', 'value', 'low', 'high', 'interval'],
    [
      plain('images', figures.images),
      plain('images_only_in_first', figures.onlyInFirst),
      plain('images_only_in_second', figures.onlyInSecond),
      plain('images_with_another_true_class', figures.relabelled),
      row('first_accuracy', first.accuracy),
      row('second_accuracy', second.accuracy),
      row('accuracy_difference', figures.accuracyDifference),
      row('first_log_loss', first.logLoss),
      row('second_log_loss', second.logLoss),
      row('log_loss_difference', figures.logLossDifference),
      plain('both_right', right.both),
      plain('only_first_right', right.onlyFirst),
      plain('only_second_right', right.onlySecond),
      plain('neither_right', right.neither),
      [`mcnemar_${mcnemar.method}_p`, mcnemar.pValue, null, null, null],
      plain('mcnemar_chi_square', mcnemar.statistic),
      row('agreement', figures.agreement),
      row('cohen_kappa', figures.kappa),
      plain('mean_probability_difference', probabilityGap?.mean),
      plain('largest_probability_difference', probabilityGap?.largest),
    ],
  );
}

function classesTable({ figures: { perClass } }: NamedPair): string {
  return csvTable(
    [
      ...['class', 'images', 'both_right', 'only_first_right', 'only_second_right', 'neither_right'],
      ...['first_recall', 'second_recall', 'recall_difference', 'difference_low', 'difference_high'],
    ],
    perClass.map(({ first, second, difference, ...each }) => [
      ...[each.class, each.support, each.both, each.onlyFirst, each.onlySecond, each.neither],
      ...[first?.value ?? null, second?.value ?? null, difference?.value ?? null],
      ...[difference?.interval?.low ?? null, difference?.interval?.high ?? null],
    ]),
  );
}

function agreementTable({ matrix, record: { classNames } }: NamedPair): string {
  return csvTable(
    ['class of first', 'class of second', 'images'],
    sparseCells(matrix).map(([from, to, images]) => [
      ...[classNames[from] ?? '', classNames[to] ?? '', images],
    ]),
  );
}

/** The images on which the networks differ; images that both get right are not among them. */
function differingTable({ scores, files, record: { classNames } }: NamedPair): Iterable<string> {
  const nameOf = (k: number | undefined): string => classNames[k ?? -1] ?? '';
  const listed = PAIR_LISTS.flatMap((list) =>
    Array.from(differingImages(scores, list), (image) => ({ list, image })),
  );
  const rows = rowsOf(listed, ({ list, image }): CsvCell[] => [
    ...[LIST_NAMES[list], files[image] ?? '', nameOf(scores.labels[image])],
    ...[scores.first, scores.second].flatMap((side) => [
      nameOf(side.decided[image]),
      side.confidence[image] ?? NaN,
      side.ownProbability[image] ?? NaN,
      side.logLoss[image] ?? NaN,
    ]),
  ]);
  const columns = ['class', 'probability', 'probability of true class', 'log loss'];
  return csvParts(
    [
      ...['list', 'file', 'true class'],
      ...['first', 'second'].flatMap((side) => columns.map((name) => `${side} ${name}`)),
    ],
    rows,
  );
}

const LIST_NAMES = {
  onlyFirst: 'only first right',
  onlySecond: 'only second right',
  bothWrong: 'both wrong',
} as const;
