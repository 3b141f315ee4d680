import { csvTable, type CsvCell } from '#core/csv/csv.ts';
import {
  cellOf,
  classCountsOf,
  confusionOfCells,
  type ClassCounts,
  type Confusion,
} from '#core/evaluation/confusion.ts';
import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';

/** What a cell shows: images, their share of the true class (its row), or of the class given (its column). */
export const CELL_VALUES = ['counts', 'byTruth', 'byGiven'] as const;
export type CellValue = (typeof CELL_VALUES)[number];

/** The confusion matrix of an evaluation, by the indices of its classes. */
export interface ConfusionMatrix {
  readonly names: readonly string[];
  readonly confusion: Confusion;
  readonly totals: ClassCounts;
  /** The cells that are not 0: true class, class given, images. */
  readonly cells: EvaluationRecord['confusion'];
  readonly images: number;
}

export function confusionMatrix({ classNames, confusion: cells }: EvaluationRecord): ConfusionMatrix {
  const confusion = confusionOfCells(cells, classNames.length);
  const totals = classCountsOf(confusion);
  const images = totals.support.reduce((sum, value) => sum + value, 0);
  return { names: classNames, confusion, totals, cells, images };
}

/** The value of a cell: images, or a share from 0 to 1; null where the share is not defined (0 / 0). */
export function valueOf(
  { confusion, totals }: ConfusionMatrix,
  kind: CellValue,
  truth: number,
  decided: number,
): number | null {
  const images = cellOf(confusion, truth, decided);
  if (kind === 'counts') return images;
  const total = (kind === 'byTruth' ? totals.support[truth] : totals.decided[decided]) ?? 0;
  return total === 0 ? null : images / total;
}

/** The largest values on the diagonal and beside it; 0 where there is none. */
export interface LargestValues {
  readonly right: number;
  readonly wrong: number;
}

export function largestValues(matrix: ConfusionMatrix, kind: CellValue): LargestValues {
  let [right, wrong] = [0, 0];
  for (const [truth, decided] of matrix.cells) {
    const value = valueOf(matrix, kind, truth, decided) ?? 0;
    if (truth === decided) right = Math.max(right, value);
    else wrong = Math.max(wrong, value);
  }
  return { right, wrong };
}

/** The value as it is written into a cell: images, or percent with as many digits as fit. */
export function cellText(kind: CellValue, value: number, hasRoom: boolean): string {
  if (kind === 'counts') return String(value);
  const percent = 100 * value;
  if (hasRoom) return percent < 0.05 && percent > 0 ? '<0.1' : percent.toFixed(1);
  return percent < 0.5 && percent > 0 ? '<1' : percent.toFixed(0);
}

/** The matrix as CSV, classes in `order`: a row for each true class, shares from 0 to 1. */
export function matrixCsv(matrix: ConfusionMatrix, kind: CellValue, order: Uint32Array): string {
  const classes = [...order];
  const nameOf = (k: number): string => matrix.names[k] ?? '';
  const rows = classes.map((truth): CsvCell[] => [
    nameOf(truth),
    ...classes.map((decided) => valueOf(matrix, kind, truth, decided)),
  ]);
  return csvTable(['true class', ...classes.map(nameOf)], rows);
}
