import { exportedName } from '../export/stateReader.ts';
import { fitsSlot } from './architectures/expectedTensors.ts';
import { transposeMatrix } from './transposeMatrix.ts';
import type { ForeignTensor, SlotValue } from './foreignModel.ts';
import type { MatchReport, WrongShape } from './matchReport.ts';
import type { Slot } from './slots.ts';

/** The values of a network, and what did not fit. */
export interface Match {
  /** By slot name. */
  readonly values: ReadonlyMap<string, SlotValue>;
  readonly report: MatchReport;
}

/** Returns the slot name of a tensor, or undefined for a tensor that belongs to no slot. */
export type Naming = (tensor: string) => string | undefined;

/**
 * The names that NormLab itself gives to tensors: those of the state layout (`conv1.weights`), and those of its
 * exported files (`conv1.weight`, `bn1.running_mean`).
 */
export function ownNaming(slots: readonly Slot[]): Naming {
  const names = new Map<string, string>();
  for (const { name, node, field } of slots) names.set(name, name).set(exportedName(node, field), name);
  return (tensor) => names.get(tensor);
}

/** PyTorch counts the batches of each BatchNorm in a tensor of this name; it is no value of the network. */
const COUNTER = /(^|\.)num_batches_tracked$/;

/**
 * Assigns the tensors of a file to the slots of a network by name. A tensor fits when its dims are those of the slot,
 * dims of 1 aside, or when one is a Dense and the other a kernel over as many inputs; a matrix with both dims exchanged
 * is transposed. The first tensor of a slot is used; a second one is unexpected.
 */
export function matchTensors(
  tensors: readonly ForeignTensor[],
  slots: readonly Slot[],
  naming: Naming,
): Match {
  const bySlot = new Map(slots.map((slot) => [slot.name, slot]));
  const values = new Map<string, SlotValue>();
  const wrongShape: WrongShape[] = [];
  const unexpected: string[] = [];
  for (const tensor of tensors) {
    const slot = bySlot.get(naming(tensor.name) ?? '');
    if (slot === undefined || values.has(slot.name)) {
      if (!COUNTER.test(tensor.name)) unexpected.push(tensor.name);
      continue;
    }
    const value = fit(tensor, slot);
    if (value !== null) values.set(slot.name, value);
    else wrongShape.push({ slot: slot.name, tensor: tensor.name, found: tensor.dims, wanted: slot.dims });
  }
  return { values, report: reportOf(slots, values, { wrongShape, unexpected }) };
}

/** The report of values that are already assigned to slots. */
export function reportOf(
  slots: readonly Slot[],
  values: ReadonlyMap<string, SlotValue>,
  { wrongShape, unexpected }: Pick<MatchReport, 'wrongShape' | 'unexpected'>,
): MatchReport {
  const unfit = new Set(wrongShape.map(({ slot }) => slot));
  const used = slots.filter(({ name }) => values.has(name));
  return {
    matched: used.length,
    slots: slots.length,
    missing: slots.filter(({ name }) => !values.has(name) && !unfit.has(name)).map(({ name }) => name),
    unexpected,
    wrongShape: wrongShape.filter(({ slot }) => !values.has(slot)),
    transposed: used.filter(({ name }) => values.get(name)?.transposed === true).map(({ name }) => name),
  };
}

function fit(tensor: ForeignTensor, { dims }: Slot): SlotValue | null {
  const from = [tensor.name];
  if (isSame(withoutOnes(tensor.dims), withoutOnes(dims)) || fitsSlot(tensor.dims, dims))
    return { dims, from, transposed: false, read: () => tensor.read() };
  const [rows = 0, columns = 0] = tensor.dims;
  if (tensor.dims.length !== 2 || !isSame([columns, rows], dims)) return null;
  return { dims, from, transposed: true, read: () => transposeMatrix(tensor.read(), rows, columns) };
}

function withoutOnes(dims: readonly number[]): readonly number[] {
  return dims.filter((dim) => dim !== 1);
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((dim, index) => dim === other[index]);
}
