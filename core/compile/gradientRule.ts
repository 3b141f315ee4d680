import { InvariantError, must } from '../diagnostics/invariantError.ts';
import type { Instruction, InstructionOf, Op } from '../program/instruction.ts';
import type { TensorId } from '../program/tensor.ts';
import type { GradientBook } from './gradientBook.ts';

/** Emits the backward instructions of one forward instruction. Called in reverse order, after all uses of its dst. */
export type Rule<O extends Op> = (forward: InstructionOf<O>, book: GradientBook) => void;

/** For instructions that no forward pass contains. */
export const neverForward = (instruction: Instruction): void => {
  throw new InvariantError(`${instruction.op} stands in a forward pass`);
};

/** The whole gradient at the output `dst` of `forward`. */
export function gradientOf(dst: TensorId, forward: Instruction, book: GradientBook): TensorId {
  return must(book.total(dst, forward), `gradient at the output of ${forward.node}`);
}

/** A bias is frozen or trained together with its kernel, never alone. */
export function kernelGradients(
  forward: InstructionOf<'convForward' | 'convTransposeForward' | 'denseForward'>,
  book: GradientBook,
): { diffWeights: TensorId | null; diffBias: TensorId | null } {
  const diffWeights = book.parameter(forward.weights);
  const diffBias = book.parameter(forward.bias);
  if (diffWeights === null && diffBias !== null) {
    throw new InvariantError(`${forward.node} trains a bias without its kernel`);
  }
  return { diffWeights, diffBias };
}
