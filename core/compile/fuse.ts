import { tensorsRead } from '../program/operands.ts';
import {
  FUSED_ACTIVATIONS,
  type BatchNormForward,
  type FusedActivation,
  type Instruction,
} from '../program/instruction.ts';
import type { TensorId } from '../program/tensor.ts';
import type { Draft } from './draft.ts';

/**
 * A rewrite of the forward pass that does not change its results. It runs before differentiation, so the backward pass
 * needs no rewrite.
 */
type Pass = (draft: Draft) => readonly Instruction[];

/** In order; each pass sees the result of the one before it. */
const PASSES: readonly Pass[] = [fuseBatchNormActivation];

/** Applies every fusion to the forward pass. */
export function fuse(draft: Draft): Draft {
  return PASSES.reduce((current, pass) => ({ ...current, forward: pass(current) }), draft);
}

/**
 * Fuses a BatchNorm with the ReLU or ReLU6 that alone reads its output. This saves one pass over memory forward and one
 * backward. A mask records where the gradient passes; without a backward pass it is removed as dead code. A BatchNorm
 * whose output is tapped stays alone.
 */
function fuseBatchNormActivation(draft: Draft): readonly Instruction[] {
  const readers = readersOf(draft.forward);
  const tapped = new Set(draft.taps.map(({ value }) => value));
  const swallowed = new Set<Instruction>();
  const fused = draft.forward.map((instruction) => {
    if (instruction.op !== 'batchNormForward' || instruction.fusedActivation !== null) return instruction;
    if (tapped.has(instruction.dst)) return instruction;
    const [reader, ...others] = readers.get(instruction.dst) ?? [];
    if (reader?.op !== 'activationForward' || others.length > 0) return instruction;
    const fn = FUSED_ACTIVATIONS.find((one) => one === reader.fn);
    if (fn === undefined) return instruction;
    swallowed.add(reader);
    return withActivation(instruction, fn, reader.dst, draft);
  });
  return fused.filter((instruction) => !swallowed.has(instruction));
}

function withActivation(
  norm: BatchNormForward,
  fusedActivation: FusedActivation,
  dst: TensorId,
  draft: Draft,
): BatchNormForward {
  const { dims } = draft.table.spec(dst);
  const mask = draft.table.add({ name: `${norm.node}.mask`, kind: 'saved', dims, batched: true });
  return { ...norm, dst, fusedActivation, mask };
}

function readersOf(instructions: readonly Instruction[]): Map<TensorId, Instruction[]> {
  const readers = new Map<TensorId, Instruction[]>();
  for (const instruction of instructions) {
    for (const tensor of tensorsRead(instruction)) {
      const known = readers.get(tensor);
      if (known === undefined) readers.set(tensor, [instruction]);
      else known.push(instruction);
    }
  }
  return readers;
}
