import { must } from '../diagnostics/invariantError.ts';
import type { Instruction } from '../program/instruction.ts';
import { operandsOf, withTensors } from '../program/operands.ts';
import { toTensorId, type TensorId, type TensorSpec } from '../program/tensor.ts';
import type { TensorTable } from './tensorTable.ts';

export interface Renumbered {
  readonly tensors: readonly TensorSpec[];
  readonly instructions: readonly Instruction[];
  /** Maps an old id to its new one; throws `InvariantError` for a tensor that is not in use. */
  readonly idOf: (old: TensorId) => TensorId;
}

/** Renumbers the tensors in order of first appearance, `first` before all others, and removes the unused ones. */
export function renumber(
  instructions: readonly Instruction[],
  table: TensorTable,
  first: readonly TensorId[],
): Renumbered {
  const used = instructions.flatMap((instruction) =>
    operandsOf(instruction).flatMap(({ tensors }) => tensors),
  );
  const order = [...new Set([...first, ...used.filter((tensor) => tensor !== null)])];
  const ids = new Map(order.map((old, index) => [old, toTensorId(index)]));
  const idOf = (old: TensorId): TensorId => must(ids.get(old), `use of tensor ${table.spec(old).name}`);
  return {
    tensors: order.map((old) => ({ ...table.spec(old), id: idOf(old) })),
    instructions: instructions.map((instruction) => withTensors(instruction, idOf)),
    idOf,
  };
}
