import { message, sentences, type Message } from '../words/message.ts';
import type { ModelComparison } from './compareModels.ts';
import type { TensorComparison } from './compareTensors.ts';

/**
 * The tensor that differs most: by values that are NaN or infinite on one side, else by the absolute difference, else
 * by the number of elements. Null when all are equal.
 */
export function largestDifference({ tensors }: Pick<ModelComparison, 'tensors'>): TensorComparison | null {
  const [first, ...rest] = tensors.filter(({ isEqual }) => !isEqual);
  if (first === undefined) return null;
  return rest.reduce((most, next) => (isLarger(next, most) ? next : most), first);
}

function isLarger(one: TensorComparison, other: TensorComparison): boolean {
  if (one.notFinite !== other.notFinite) return one.notFinite > other.notFinite;
  if (one.absolute !== other.absolute) return one.absolute > other.absolute;
  return one.differing > other.differing;
}

/** True when nothing differs: every tensor has a counterpart with the same bits, and the networks are the same. */
export function isEqual(comparison: ModelComparison): boolean {
  return (
    comparison.tensors.every((tensor) => tensor.isEqual) &&
    isValued(comparison) &&
    unpairedCount(comparison) === 0 &&
    notComparedCount(comparison) === 0 &&
    !networkDiffers(comparison)
  );
}

/** How blocks and tensors were paired, where that is not by the ids of blocks alone. */
export function pairingNotes({ alignment, pairedByOrder }: ModelComparison): Message[] {
  if (alignment === 'names') return [message('comparing.byNames')];
  if (alignment === 'order') return [message('comparing.byOrder')];
  return pairedByOrder === 0 ? [] : [message('comparing.someByOrder', { count: pairedByOrder })];
}

/** False where a model is a network without values, so that only networks are compared. */
function isValued({ withoutValues }: ModelComparison): boolean {
  return !withoutValues.a && !withoutValues.b;
}

function ofNetworks(comparison: ModelComparison): Message {
  const { a, b } = comparison.withoutValues;
  const why = message(a && b ? 'comparing.noValues' : a ? 'comparing.noValuesInA' : 'comparing.noValuesInB');
  if (comparison.graph === null) return sentences(why, message('comparing.noPair'));
  const isOther = networkDiffers(comparison);
  return sentences(why, message(isOther ? 'comparing.networkDiffers' : 'comparing.sameNetwork'));
}

/** The outcome in a few sentences: equal to the bit, or the largest difference and where it is. */
export function verdictOf(comparison: ModelComparison): Message {
  const count = comparison.tensors.length;
  const unpaired = unpairedCount(comparison);
  const left = notComparedCount(comparison);
  if (!isValued(comparison)) return ofNetworks(comparison);
  return [
    ...(unpaired === 0 ? [] : [message('comparing.unpaired', { count: unpaired })]),
    ...(left === 0 ? [] : [message('comparing.notCompared', { count: left })]),
    ...(networkDiffers(comparison) ? [message('comparing.networkDiffers')] : []),
    ...(isEqual(comparison) && comparison.graph !== null ? [message('comparing.sameNetwork')] : []),
  ].reduce(sentences, count === 0 ? message('comparing.noPair') : ofTensors(comparison));
}

function ofTensors(comparison: ModelComparison): Message {
  const total = comparison.tensors.length;
  const most = largestDifference(comparison);
  if (most === null) return message('comparing.equal', { total });
  const count = comparison.tensors.filter((tensor) => !tensor.isEqual).length;
  const where = most.a === most.b ? most.a : message('comparing.twoNames', { a: most.a, b: most.b });
  if (most.notFinite > 0)
    return message('comparing.notFinite', { where, values: most.notFinite, count, total });
  const absolute = most.absolute.toPrecision(3);
  const percent = (100 * most.relative).toPrecision(3);
  return message('comparing.largest', { where, absolute, percent, count, total });
}

function unpairedCount({ onlyA, onlyB, otherShape }: ModelComparison): number {
  return onlyA.length + onlyB.length + otherShape.length;
}

function notComparedCount({ notCompared: { a, b } }: ModelComparison): number {
  return a.length + b.length;
}

function networkDiffers({ graph }: ModelComparison): boolean {
  return graph !== null && Object.values(graph).some((part: readonly unknown[]) => part.length > 0);
}
