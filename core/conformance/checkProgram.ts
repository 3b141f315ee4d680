import type { Instruction } from '../program/instruction.ts';
import { tensorsRead, tensorsWritten } from '../program/operands.ts';
import type { Program } from '../program/program.ts';
import type { TensorId, TensorKind, TensorSpec } from '../program/tensor.ts';
import { lifetimesOf } from '../compile/lifetimes.ts';

/** Kinds of tensors that have values before the first instruction. */
const GIVEN: ReadonlySet<TensorKind> = new Set<TensorKind>(['input', 'labels', 'parameter', 'statistic']);

/**
 * Returns what is wrong with a program, one sentence per problem; empty for a valid program. It checks what every
 * backend relies on: tensors are numbered by their index, written once and before they are read; parameters are changed
 * only by the update, statistics only by `updateStatistics`; the gradient of each trainable parameter is written once;
 * lifetimes match the instructions.
 */
export function checkProgram(program: Program): string[] {
  return [
    ...checkTable(program.tensors),
    ...checkSlots(program),
    ...checkOrder(program),
    ...checkGradients(program),
    ...checkLifetimes(program),
  ];
}

function checkTable(tensors: readonly TensorSpec[]): string[] {
  const misplaced = tensors.filter((spec, index) => (spec.id as number) !== index);
  const names = new Set(tensors.map((spec) => spec.name));
  return [
    ...misplaced.map((spec) => `${spec.name} has id ${String(spec.id)}, which is not its place`),
    ...(names.size === tensors.length ? [] : ['two tensors have one name']),
  ];
}

function checkSlots({ tensors, state }: Program): string[] {
  return tensors.flatMap((spec) => {
    const isParameter = spec.kind === 'parameter' || spec.kind === 'parameterGradient';
    const isStatistic = spec.kind === 'statistic' || spec.kind === 'batchStatistic';
    if (!isParameter && !isStatistic) return [];
    const slot = (isParameter ? state.parameters : state.statistics)[spec.slot ?? -1];
    return slot?.dims.join() === spec.dims.join() ? [] : [`${spec.name} does not fit its state slot`];
  });
}

function checkOrder(program: Program): string[] {
  const problems: string[] = [];
  const written = new Set<TensorId>();
  const kindOf = (id: TensorId): TensorKind | undefined => program.tensors[id]?.kind;
  for (const [index, instruction] of program.instructions.entries()) {
    const where = `instruction ${String(index)} (${instruction.op} of ${instruction.node})`;
    for (const id of tensorsRead(instruction)) {
      const kind = kindOf(id);
      if (kind === undefined) problems.push(`${where} reads tensor ${String(id)}, which does not exist`);
      else if (!GIVEN.has(kind) && !written.has(id))
        problems.push(`${where} reads ${nameOf(program, id)} unwritten`);
    }
    for (const id of tensorsWritten(instruction)) {
      if (!mayWrite(instruction, kindOf(id))) problems.push(`${where} must not write ${nameOf(program, id)}`);
      if (written.has(id)) problems.push(`${where} writes ${nameOf(program, id)} again`);
      written.add(id);
    }
  }
  const lost = outputsOf(program).filter((id) => !written.has(id) && kindOf(id) !== 'input');
  return [...problems, ...lost.map((id) => `output ${String(id)} is never written`)];
}

function mayWrite(instruction: Instruction, kind: TensorKind | undefined): boolean {
  if (kind === 'statistic') return instruction.op === 'updateStatistics';
  return kind !== undefined && !GIVEN.has(kind);
}

function checkGradients(program: Program): string[] {
  const counts = new Map<number, number>();
  for (const id of program.instructions.flatMap((instruction) => tensorsWritten(instruction))) {
    const spec = program.tensors[id];
    if (spec?.kind !== 'parameterGradient') continue;
    counts.set(spec.slot ?? -1, (counts.get(spec.slot ?? -1) ?? 0) + 1);
  }
  return program.state.parameters.flatMap((slot, index) => {
    const wanted = program.optimizer !== null && slot.trainable ? 1 : 0;
    const found = counts.get(index) ?? 0;
    return found === wanted
      ? []
      : [`gradient of ${slot.name} is written ${String(found)} times, not ${String(wanted)}`];
  });
}

function checkLifetimes(program: Program): string[] {
  const { loss, correct } = program.outputs;
  const kept = outputsOf(program).filter((id) => id !== loss && id !== correct);
  const wanted = lifetimesOf(program.instructions, program.tensors, kept);
  const same = JSON.stringify(wanted) === JSON.stringify(program.lifetimes);
  return same ? [] : ['lifetimes are not those of the instructions'];
}

function outputsOf({ outputs }: Program): TensorId[] {
  const { logits, loss, correct, inputGradient, taps } = outputs;
  const tapped = taps.flatMap(({ value, gradient }) => [value, gradient]);
  return [logits, loss, correct, inputGradient, ...tapped].filter((id) => id !== null);
}

function nameOf(program: Program, id: TensorId): string {
  return program.tensors[id]?.name ?? String(id);
}
