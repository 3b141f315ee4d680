import type { NodeId } from '../diagnostics/ids.ts';
import type { ModelComparison } from './compareModels.ts';

/**
 * How far the tensors of a block are apart. `none`: no tensor was compared. `equal`: all have the same bits. `differ`:
 * the largest relative difference of one of them, and its values that are not finite on one side. `shape`: one has
 * another shape in the other model.
 */
export type BlockWeights =
  | { readonly kind: 'none' }
  | { readonly kind: 'equal'; readonly tensors: number }
  | {
      readonly kind: 'differ' | 'shape';
      readonly tensors: number;
      readonly differing: number;
      readonly relative: number;
      readonly notFinite: number;
    };

type Compared = Pick<ModelComparison, 'tensors' | 'otherShape'>;

/** Looks up the weights of a block by its id in A. */
export function blockWeights({ tensors, otherShape }: Compared): (id: NodeId) => BlockWeights {
  const compared = groupBy(tensors, ({ a }) => blockIn(a));
  const unlike = groupBy(otherShape, ({ a }) => blockIn(a));
  return (id) => {
    const own = compared.get(id) ?? [];
    const unlikeCount = unlike.get(id)?.length ?? 0;
    const count = own.length + unlikeCount;
    if (count === 0) return { kind: 'none' };
    const differing = own.filter(({ isEqual }) => !isEqual);
    if (differing.length + unlikeCount === 0) return { kind: 'equal', tensors: count };
    return {
      ...{ kind: unlikeCount > 0 ? 'shape' : 'differ', tensors: count },
      differing: differing.length + unlikeCount,
      relative: differing.reduce((most, { relative }) => Math.max(most, relative), 0),
      notFinite: differing.reduce((sum, { notFinite }) => sum + notFinite, 0),
    };
  };
}

/** The block of a slot: `conv1` of `conv1.weights`. */
export function blockIn(slot: string): string {
  const dot = slot.indexOf('.');
  return dot < 0 ? slot : slot.slice(0, dot);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
