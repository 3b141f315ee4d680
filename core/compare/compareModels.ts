import { exportedName } from '../export/stateReader.ts';
import { slotsOf, type Slot } from '../import/slots.ts';
import { alignBlocks, type Alignment } from './alignBlocks.ts';
import type { Comparable, ComparableNetwork, NamedTensor } from './comparable.ts';
import { compareBatchNorm, type BatchNormComparison } from './compareBatchNorm.ts';
import { compareGraphs, type GraphComparison } from './compareGraphs.ts';
import {
  compareTensors,
  elementsOf,
  pairByName,
  type TensorPair,
  type TensorsComparison,
} from './compareTensors.ts';
import type { Meter } from './compareValues.ts';

/** What differs between two models. */
export interface ModelComparison extends TensorsComparison {
  /**
   * How blocks and their tensors were assigned to each other (`Alignment`); `names`: by the names of tensors, since at
   * least one of the files has no network.
   */
  readonly alignment: Alignment['by'] | 'names';
  /** Number of pairs of blocks that were not found by their id; 0 for `names`. */
  readonly pairedByOrder: number;
  /** Empty for `names`. */
  readonly batchNorm: readonly BatchNormComparison[];
  /** Null for `names`. */
  readonly graph: GraphComparison | null;
  /** True for a model that is a network without any values: only blocks and wires are compared. */
  readonly withoutValues: { readonly a: boolean; readonly b: boolean };
  /** Names of tensors that no block uses and that were not compared. */
  readonly notCompared: { readonly a: readonly string[]; readonly b: readonly string[] };
}

/** Called after each piece of work, with the elements compared so far and all that will be; awaited. */
export type ComparePace = (done: number, total: number) => Promise<void> | undefined;

/**
 * Compares two models block by block where both are networks, else tensor by tensor. Values are compared in float32,
 * one pair of tensors in memory at a time; the time is linear in the number of elements. Rejects as `pace` does, which
 * lets a long comparison report progress, yield and be cancelled.
 */
export async function compareModels(
  a: Comparable,
  b: Comparable,
  pace: ComparePace = () => undefined,
): Promise<ModelComparison> {
  if (a.kind === 'network' && b.kind === 'network') return compareNetworks(a, b, pace);
  const notCompared = { a: unreadOf(a), b: unreadOf(b) };
  const withoutValues = { a: hasNoValues(a), b: hasNoValues(b) };
  const pairs = withoutValues.a || withoutValues.b ? [] : pairByName(tensorsOf(a, b), tensorsOf(b, a));
  const tensors = await compareTensors(pairs, meterOf(elementsOf(pairs), pace));
  return {
    ...{ alignment: 'names', pairedByOrder: 0, batchNorm: [] },
    ...{ ...tensors, graph: null, withoutValues, notCompared },
  };
}

/** True for the network of a project without starting weights. */
function hasNoValues(model: Comparable): boolean {
  return model.kind === 'network' && model.network.values.size === 0;
}

function meterOf(total: number, pace: ComparePace): Meter {
  let done = 0;
  return (elements) => {
    done += elements;
    return pace(done, total);
  };
}

async function compareNetworks(
  a: ComparableNetwork,
  b: ComparableNetwork,
  pace: ComparePace,
): Promise<ModelComparison> {
  const alignment = alignBlocks(a.network.graph, b.network.graph);
  const withoutValues = { a: hasNoValues(a), b: hasNoValues(b) };
  // Tensors that only one of the models can have are no difference between them.
  const isEmpty = withoutValues.a || withoutValues.b;
  const slots = isEmpty ? [] : pairBySlot(a, b, alignment);
  const rest = isEmpty ? [] : pairByName(a.rest, b.rest);
  const meter = meterOf(elementsOf(slots) + elementsOf(rest), pace);
  const ofBlocks = await compareTensors(slots, meter);
  const compared = new Map(ofBlocks.tensors.map((tensor) => [tensor.a, tensor]));
  const sides = { a: a.network.values, b: b.network.values, compared, isEmpty };
  return {
    alignment: alignment.by,
    pairedByOrder: alignment.pairedByOrder,
    batchNorm: compareBatchNorm(alignment.pairs, sides),
    ...joined(ofBlocks, await compareTensors(rest, meter)),
    graph: compareGraphs(alignment),
    withoutValues,
    notCompared: { a: a.unread, b: b.unread },
  };
}

function joined(one: TensorsComparison, other: TensorsComparison): TensorsComparison {
  return {
    tensors: [...one.tensors, ...other.tensors],
    otherShape: [...one.otherShape, ...other.otherShape],
    onlyA: [...one.onlyA, ...other.onlyA],
    onlyB: [...one.onlyB, ...other.onlyB],
  };
}

/** Pairs the values of blocks that are aligned, field by field; then those of blocks without a counterpart. */
function pairBySlot(a: ComparableNetwork, b: ComparableNetwork, { pairs }: Alignment): TensorPair[] {
  const idsInB = new Map(pairs.map((pair) => [pair.a.id, pair.b.id]));
  const inA = slotValues(a);
  const inB = new Map(slotValues(b).map((value) => [value.tensor.name, value.tensor]));
  const paired = inA.map(({ slot, tensor }): TensorPair => {
    const name = `${idsInB.get(slot.node) ?? ''}.${slot.field}`;
    const other = inB.get(name);
    inB.delete(name);
    return [tensor, other];
  });
  return [...paired, ...[...inB.values()].map((tensor): TensorPair => [undefined, tensor])];
}

/** The slots of a network that have a value, in the order of the state layout. */
function slotValues({
  network: { graph, document, values },
}: ComparableNetwork): readonly { readonly slot: Slot; readonly tensor: NamedTensor }[] {
  return slotsOf(graph, document.training).flatMap((slot) => {
    const value = values.get(slot.name);
    if (value === undefined) return [];
    return [{ slot, tensor: { name: slot.name, dims: slot.dims, read: () => value.read() } }];
  });
}

function unreadOf(model: Comparable): readonly string[] {
  return model.kind === 'network' ? model.unread : [];
}

/**
 * The tensors of a model under the names of its file. A network without such a file has names of slots, or those that
 * its exported files have, whichever are more of the names of the `other` model.
 */
function tensorsOf(model: Comparable, other: Comparable): readonly NamedTensor[] {
  if (model.kind === 'tensors') return model.tensors;
  if (model.tensors !== null) return model.tensors;
  const names = new Set(other.tensors?.map(({ name }) => name));
  const own = slotValues(model);
  const exported = own.map(({ slot, tensor }) => ({ ...tensor, name: exportedName(slot.node, slot.field) }));
  const slots = own.map(({ tensor }) => tensor);
  const [bySlot, byExport] = [slots, exported].map(
    (tensors) => tensors.filter(({ name }) => names.has(name)).length,
  );
  return (byExport ?? 0) > (bySlot ?? 0) ? exported : slots;
}
