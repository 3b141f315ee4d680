import type { NodeId } from '../diagnostics/ids.ts';
import type { ParameterSlot, StatisticSlot } from '../program/stateLayout.ts';
import type { TrainedModel } from './trainedModel.ts';

export type StateField = ParameterSlot['field'] | StatisticSlot['field'];

/** A tensor of the state under its exported name, in float32 and canonical layout. */
export interface ExportedTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** PyTorch's name of each field, as in the state dicts of `nn.Conv2d`, `nn.Linear` and `nn.BatchNorm2d`. */
const PYTORCH_FIELDS: Readonly<Record<StateField, string>> = {
  weights: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  mean: 'running_mean',
  variance: 'running_var',
};

/** `conv1.weight`, `bn1.running_mean`: the naming rule for tensors in every exported file. */
export function exportedName(node: NodeId, field: StateField): string {
  return `${node}.${exportedField(field)}`;
}

/** PyTorch's name of a field of a module: `weight` of the weights and of gamma. */
export function exportedField(field: StateField): string {
  return PYTORCH_FIELDS[field];
}

/** The slot's values as a float32 copy; values of a float64 state are rounded only here. */
export function readSlot(model: TrainedModel, slot: ParameterSlot | StatisticSlot): ExportedTensor {
  return {
    name: exportedName(slot.node, slot.field),
    dims: slot.dims,
    data: Float32Array.from(model.state.subarray(slot.offset, slot.offset + slot.size)),
  };
}

/** The slot of `field` of a block, or undefined when the block has none. */
export function findSlot(
  model: TrainedModel,
  node: NodeId,
  field: StateField,
): ParameterSlot | StatisticSlot | undefined {
  const slots: readonly (ParameterSlot | StatisticSlot)[] = [
    ...model.layout.parameters,
    ...model.layout.statistics,
  ];
  return slots.find((slot) => slot.node === node && slot.field === field);
}
