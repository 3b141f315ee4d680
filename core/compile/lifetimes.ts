import type { Instruction } from '../program/instruction.ts';
import { operandsOf } from '../program/operands.ts';
import type { Lifetime } from '../program/program.ts';
import type { TensorId, TensorKind, TensorSpec } from '../program/tensor.ts';

/** Kinds that live in the arena; the others have storage of their own for the whole session. */
const ARENA_KINDS: ReadonlySet<TensorKind> = new Set<TensorKind>(['activation', 'gradient', 'saved']);

/**
 * Lifetimes of the arena tensors, in order of first use. `outputs` are read after the step and live until the last
 * instruction.
 */
export function lifetimesOf(
  instructions: readonly Instruction[],
  tensors: readonly TensorSpec[],
  outputs: readonly TensorId[],
): Lifetime[] {
  const lives = new Map<TensorId, { first: number; last: number }>();
  for (const [index, instruction] of instructions.entries()) {
    for (const tensor of operandsOf(instruction).flatMap((operand) => operand.tensors)) {
      if (tensor === null || !ARENA_KINDS.has(tensors[tensor]?.kind ?? 'metric')) continue;
      const life = lives.get(tensor);
      if (life === undefined) lives.set(tensor, { first: index, last: index });
      else life.last = index;
    }
  }
  for (const output of outputs) {
    const life = lives.get(output);
    if (life !== undefined) life.last = instructions.length - 1;
  }
  return [...lives].map(([tensor, life]) => ({ tensor, ...life }));
}
