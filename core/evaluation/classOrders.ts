import type { EvaluationRecord } from './evaluationRecord.ts';
import { orderByConfusion } from './orderByConfusion.ts';

/**
 * An order of the classes of an evaluation.
 * - name: by name, numbers in names by value.
 * - confusion: classes that are confused are neighbours (`orderByConfusion`).
 * - support: the class with the most images first.
 * - recall: the class with the least recall first; classes without images last.
 */
export const CLASS_ORDERS = ['name', 'confusion', 'support', 'recall'] as const;
export type ClassOrder = (typeof CLASS_ORDERS)[number];

/** The indices of the classes in an order; equal ones in the order of the network. */
export function orderClasses(
  { classNames, confusion, figures }: Pick<EvaluationRecord, 'classNames' | 'confusion' | 'figures'>,
  order: ClassOrder,
): Uint32Array {
  if (order === 'confusion') return orderByConfusion(confusion, classNames.length);
  const all = Uint32Array.from(classNames.keys());
  if (order === 'name') {
    const collator = new Intl.Collator('en', { numeric: true });
    return all.sort((a, b) => collator.compare(classNames[a] ?? '', classNames[b] ?? '') || a - b);
  }
  const key = (k: number): number => {
    const { support = 0, correct = 0 } = figures.perClass[k] ?? {};
    if (order === 'support') return -support;
    return support === 0 ? 2 : correct / support;
  };
  return all.sort((a, b) => key(a) - key(b) || a - b);
}
