import { exportedName } from '../export/stateReader.ts';
import { slotsOf, type Slot } from '../import/slots.ts';
import { alignBlocks, type Alignment } from './alignBlocks.ts';
import type { Comparable, ComparableNetwork, NamedTensor } from './comparable.ts';
import { compareBatchNorm, type BatchNormComparison } from './compareBatchNorm.ts';
import { compareGraphs, type GraphComparison } from './compareGraphs.ts';
import { compareTensors, pairByName, type TensorPair, type TensorsComparison } from './compareTensors.ts';

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
  /** Names of tensors that no block uses and that were not compared. */
  readonly notCompared: { readonly a: readonly string[]; readonly b: readonly string[] };
}

/**
 * Compares two models block by block where both are networks, else tensor by tensor. Values are compared in float32,
 * one pair of tensors in memory at a time; the time is linear in the number of elements.
 */
export function compareModels(a: Comparable, b: Comparable): ModelComparison {
  if (a.kind === 'network' && b.kind === 'network') return compareNetworks(a, b);
  const notCompared = { a: unreadOf(a), b: unreadOf(b) };
  const tensors = compareTensors(pairByName(tensorsOf(a, b), tensorsOf(b, a)));
  return { alignment: 'names', pairedByOrder: 0, batchNorm: [], ...tensors, graph: null, notCompared };
}

function compareNetworks(a: ComparableNetwork, b: ComparableNetwork): ModelComparison {
  const alignment = alignBlocks(a.network.graph, b.network.graph);
  const ofBlocks = compareTensors(pairBySlot(a, b, alignment));
  const compared = new Map(ofBlocks.tensors.map((tensor) => [tensor.a, tensor]));
  const sides = { a: a.network.values, b: b.network.values, compared };
  return {
    alignment: alignment.by,
    pairedByOrder: alignment.pairedByOrder,
    batchNorm: compareBatchNorm(alignment.pairs, sides),
    ...joined(ofBlocks, compareTensors(pairByName(a.rest, b.rest))),
    graph: compareGraphs(alignment),
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
