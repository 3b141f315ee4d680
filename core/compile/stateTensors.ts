import { InvariantError } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { ParameterSlot, StateLayout, StatisticSlot } from '../program/stateLayout.ts';
import type { TensorId } from '../program/tensor.ts';
import type { TensorTable } from './tensorTable.ts';

type StateKind = 'parameter' | 'parameterGradient' | 'statistic' | 'batchStatistic';

/** Maps each slot of the state layout to its tensors: one per kind and slot, created on first use. */
export class StateTensors {
  readonly #made = new Map<string, TensorId>();
  readonly #table: TensorTable;
  readonly #layout: StateLayout;
  readonly #parameters: ReadonlyMap<string, number>;
  readonly #statistics: ReadonlyMap<string, number>;

  constructor(table: TensorTable, layout: StateLayout) {
    this.#table = table;
    this.#layout = layout;
    this.#parameters = slotIndex(layout.parameters);
    this.#statistics = slotIndex(layout.statistics);
  }

  parameter(node: NodeId, field: ParameterSlot['field']): TensorId {
    return this.#slotTensor('parameter', findSlot(this.#parameters, node, field));
  }

  statistic(kind: 'statistic' | 'batchStatistic', node: NodeId, field: StatisticSlot['field']): TensorId {
    return this.#slotTensor(kind, findSlot(this.#statistics, node, field));
  }

  parameterGradient(slot: number): TensorId {
    return this.#slotTensor('parameterGradient', slot);
  }

  #slotTensor(kind: StateKind, slot: number): TensorId {
    const key = `${kind} ${String(slot)}`;
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const isParameter = kind === 'parameter' || kind === 'parameterGradient';
    const entry = isParameter ? this.#layout.parameters[slot] : this.#layout.statistics[slot];
    if (entry === undefined) throw new InvariantError(`no state slot ${key}`);
    const name = tensorName(kind, entry);
    const tensor = this.#table.add({ name, kind, dims: entry.dims, batched: false, slot });
    this.#made.set(key, tensor);
    return tensor;
  }
}

function tensorName(kind: StateKind, slot: ParameterSlot | StatisticSlot): string {
  if (kind === 'parameterGradient') return `d(${slot.name})`;
  if (kind !== 'batchStatistic') return slot.name;
  return `${slot.node}.${slot.field === 'mean' ? 'batchMean' : 'batchVariance'}`;
}

/** Index of each slot by block and field. A linear search would be slow: a network has as many slots as blocks. */
function slotIndex(slots: readonly (ParameterSlot | StatisticSlot)[]): Map<string, number> {
  return new Map(slots.map((slot, index) => [slotKey(slot.node, slot.field), index]));
}

function slotKey(node: NodeId, field: string): string {
  return `${node}.${field}`;
}

function findSlot(
  index: ReadonlyMap<string, number>,
  node: NodeId,
  field: ParameterSlot['field'] | StatisticSlot['field'],
): number {
  const slot = index.get(slotKey(node, field));
  if (slot === undefined)
    throw new InvariantError(`block ${node} lowers with ${field}, which it did not declare`);
  return slot;
}
