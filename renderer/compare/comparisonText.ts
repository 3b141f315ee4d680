import type { Comparison } from '#core/contract/comparison.ts';
import { inWords } from '../messages/inWords.ts';
import { translate } from '../messages/i18n.ts';
import type { SideNames } from './compareStore.ts';
import { TABLES, tableOf } from './table/comparisonRows.ts';
import { asText } from './table/row.ts';

/** A comparison as text: the verdict, then each table that has rows, its cells separated by tabs. */
export function comparisonText(comparison: Comparison, names: SideNames): string {
  const sides = (['a', 'b'] as const).map((side) => {
    const { architecture, format } = comparison[side];
    const named = translate('compare.of', { name: names[side], what: architecture ?? format });
    return `${side.toUpperCase()}: ${named}`;
  });
  const said = [comparison.verdict, ...comparison.notes].map(inWords);
  const tables = TABLES.flatMap((key) => {
    const { columns, rows, total } = tableOf(key, comparison);
    if (rows.length === 0) return [];
    const title = translate(`compare.tabs.${key}`);
    const bounded = translate('compare.bounded', { shown: rows.length, total });
    return [`${title}\n${asText(columns, rows)}${rows.length < total ? `\n${bounded}` : ''}`];
  });
  return [[...sides, ...said].join('\n'), ...tables].join('\n\n');
}
