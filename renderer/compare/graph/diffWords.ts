import type { DrawnBlock } from '#core/contract/comparison.ts';
import { formatShape } from '#core/program/shape.ts';
import { translate } from '../../messages/i18n.ts';
import { formatValue } from '../../text/formatDuration.ts';
import { kindTitle, settingChange } from '../settingWords.ts';

const t = translate;

/** What differs between the two blocks of a card, line by line: kind, parameters, output shape, weights. */
export function differencesOf(block: DrawnBlock): readonly string[] {
  const { kind, otherKind, shape, otherShape, differing } = block;
  const change = (name: string, a: string, b: string): string =>
    t('compare.cells.setting', { name, change: t('compare.cells.change', { a, b }) });
  return [
    ...(otherKind === null ? [] : [change(t('compare.graph.kind'), kindTitle(kind), kindTitle(otherKind))]),
    ...differing.map((setting) => settingChange(kind, setting)),
    ...(otherShape === null
      ? []
      : [change(t('compare.graph.shape'), formatShape(shape), formatShape(otherShape))]),
    ...weightWords(block),
  ];
}

/** How far the tensors of a block are apart; nothing where none was compared. */
export function weightWords({ weights }: DrawnBlock): readonly string[] {
  if (weights.kind === 'none') return [];
  const count = weights.tensors;
  if (weights.kind === 'equal') return [t('compare.graph.tensors.equal', { count })];
  const { differing, relative, notFinite } = weights;
  const kind = notFinite > 0 ? 'notFinite' : weights.kind;
  const values = { count, differing, percent: formatValue(100 * relative), values: notFinite };
  return [t(`compare.graph.tensors.${kind}`, values)];
}
