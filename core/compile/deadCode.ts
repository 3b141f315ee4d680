import type { Instruction } from '../program/instruction.ts';
import { tensorsRead, tensorsWritten, withTensors } from '../program/operands.ts';
import type { TensorId, TensorKind } from '../program/tensor.ts';
import type { TensorTable } from './tensorTable.ts';

/** Kinds of tensors that are read after the step, or are the purpose of the step. */
const RESULTS: ReadonlySet<TensorKind> = new Set<TensorKind>([
  'metric',
  'parameterGradient',
  'statistic',
  'batchStatistic',
]);

/**
 * Removes instructions whose results are never read, and `saved` operands (masks, indices of maxima, slopes) that no
 * backward instruction reads. `roots` are kept whatever their kind: they are read after the step.
 */
export function removeDeadCode(
  instructions: readonly Instruction[],
  table: TensorTable,
  roots: readonly TensorId[],
): Instruction[] {
  const wanted = new Set<TensorId>(roots);
  const isWanted = (tensor: TensorId): boolean => wanted.has(tensor) || RESULTS.has(table.spec(tensor).kind);
  const kept: Instruction[] = [];
  for (const instruction of instructions.toReversed()) {
    if (!tensorsWritten(instruction).some(isWanted)) continue;
    for (const tensor of tensorsRead(instruction)) wanted.add(tensor);
    kept.push(
      withTensors(instruction, (tensor) =>
        table.spec(tensor).kind === 'saved' && !isWanted(tensor) ? null : tensor,
      ),
    );
  }
  return kept.reverse();
}
