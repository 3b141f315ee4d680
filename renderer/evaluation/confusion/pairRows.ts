import { confusedPairs } from '#core/evaluation/confusion.ts';
import type { ConfusionMatrix } from './confusionMatrix.ts';

/** The columns of the list of confused pairs. */
export const PAIR_COLUMNS = ['trueClass', 'classGiven', 'count', 'share'] as const;
export type PairColumn = (typeof PAIR_COLUMNS)[number];

export interface PairRow {
  readonly from: number;
  readonly to: number;
  readonly images: number;
  /** Share of the images of the true class. */
  readonly share: number;
}

/** The pairs of true class and class given that were confused; `of`: only those of this class. */
export function pairRows(matrix: ConfusionMatrix, of: number | null): PairRow[] {
  return confusedPairs(matrix.confusion)
    .filter(({ from, to }) => of === null || from === of || to === of)
    .map((pair) => ({ ...pair, share: pair.images / (matrix.totals.support[pair.from] ?? NaN) }));
}

/** The rows by a column: names from A, numbers from the largest, or reversed; equal ones keep their order. */
export function sortedPairs(
  rows: readonly PairRow[],
  { column, isReversed }: { readonly column: PairColumn; readonly isReversed: boolean },
  names: readonly string[],
): PairRow[] {
  const sign = isReversed ? -1 : 1;
  const nameOf = (k: number): string => names[k] ?? '';
  const compare: Record<PairColumn, (a: PairRow, b: PairRow) => number> = {
    trueClass: (a, b) => nameOf(a.from).localeCompare(nameOf(b.from)),
    classGiven: (a, b) => nameOf(a.to).localeCompare(nameOf(b.to)),
    count: (a, b) => b.images - a.images,
    share: (a, b) => b.share - a.share,
  };
  return rows.toSorted((a, b) => sign * compare[column](a, b));
}
