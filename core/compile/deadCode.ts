import type { Instruction } from '../program/instruction.ts';
import { tensorsRead, tensorsWritten, withTensors } from '../program/operands.ts';
import type { TensorId, TensorKind } from '../program/tensor.ts';
import type { TensorTable } from './tensorTable.ts';

/** What is read after the step, or is the purpose of the step. */
const RESULTS: ReadonlySet<TensorKind> = new Set<TensorKind>([
  'metric',
  'parameterGradient',
  'statistic',
  'batchStatistic',
]);

/**
 * Leaves out instructions whose results nobody reads, and drops `saved` operands (masks, winners, slopes) that no
 * backward instruction asks for. `roots` are read after the step whatever their kind.
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
