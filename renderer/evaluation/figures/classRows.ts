import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import type { Row } from '../../compare/table/row.ts';
import { visibleName } from '../../text/visibleName.ts';
import { figureText } from './figureWords.ts';

/** The rates of a class, in the order of their columns. */
export const CLASS_RATES = ['precision', 'recall', 'f1'] as const;
/** Columns before the rates: class, images, images given to it. */
export const FIRST_RATE = 3;

/** A row for each class, with its number as the key. A rate that is not defined is sorted before all others. */
export function classRows({ figures }: EvaluationRecord, count: (value: number) => string): readonly Row[] {
  return figures.perClass.map((each, k) => ({
    ...{ key: String(k), block: null, differs: false },
    cells: [
      { text: visibleName(each.class) },
      { text: count(each.support), sort: each.support },
      { text: count(each.decided), sort: each.decided },
      ...CLASS_RATES.map((rate) => ({
        text: figureText(each[rate]?.value, 'share'),
        sort: each[rate]?.value ?? -1,
      })),
    ],
  }));
}
