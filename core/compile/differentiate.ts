import { must } from '../diagnostics/invariantError.ts';
import type { NodeId } from '../diagnostics/ids.ts';
import type { Instruction, LossForward } from '../program/instruction.ts';
import { tensorsRead, tensorsWritten } from '../program/operands.ts';
import type { TensorId } from '../program/tensor.ts';
import type { Draft } from './draft.ts';
import { GradientBook } from './gradientBook.ts';
import { GRADIENT_RULES } from './gradientRules.ts';

export interface BackwardPass {
  readonly instructions: readonly Instruction[];
  readonly inputGradient: TensorId | null;
  /** Gradients at the taps of the draft, in their order; empty without any. */
  readonly taps: readonly TensorId[];
}

/**
 * Reverse-mode differentiation of the loss. Gradients exist only above the lowest trainable parameter (or down to the
 * input when `withInput`); a tensor with several uses gets one `sum`; a trainable parameter that the loss does not
 * depend on gets a `zero`.
 */
export function differentiate(draft: Draft, withInput: boolean): BackwardPass {
  const start = withInput ? [draft.networkInput] : [];
  const book = new GradientBook(draft, neededGradients(draft, start, true), true);
  for (const forward of draft.forward.toReversed()) {
    if (outputsNeeded(forward, draft, book)) applyRule(forward, book);
  }
  const first = must(draft.forward[0], 'first instruction');
  const inputGradient = withInput ? book.total(draft.networkInput, first) : null;
  return { instructions: [...book.instructions, ...zeroUntouched(draft, book)], inputGradient, taps: [] };
}

/**
 * Reverse-mode differentiation of one logit of each sample, that of its label, down to the taps of the draft. No
 * parameter has a gradient.
 */
export function differentiateLogit(draft: Draft): BackwardPass {
  const tapped = draft.taps.map(({ value }) => value);
  const book = new GradientBook(draft, neededGradients(draft, tapped, false), false);
  for (const forward of draft.forward.toReversed()) {
    if (forward.op === 'lossForward') seedLogit(forward, book);
    // A tapped output may be needed where nothing before it is.
    else if (tensorsRead(forward).some((tensor) => book.needs(tensor))) applyRule(forward, book);
  }
  const first = must(draft.forward[0], 'first instruction');
  const taps = tapped.map((tensor) => must(book.total(tensor, first), 'gradient at a tap'));
  return { instructions: book.instructions, inputGradient: null, taps };
}

function seedLogit(forward: LossForward, book: GradientBook): void {
  const { node, labels, logits } = forward;
  const diffLogits = book.share(logits, forward);
  if (diffLogits !== null) book.emit({ op: 'seedLogit', node, labels, diffLogits });
}

/** Tensors whose gradient is needed: all that depend on one of `start` or, if any trains, on a trainable parameter. */
function neededGradients(draft: Draft, start: readonly TensorId[], trains: boolean): Set<TensorId> {
  const needed = new Set<TensorId>(start);
  const isTrainable = (tensor: TensorId): boolean => {
    const { kind, slot } = draft.table.spec(tensor);
    return trains && kind === 'parameter' && must(draft.layout.parameters[slot ?? -1], 'slot').trainable;
  };
  for (const instruction of draft.forward) {
    if (!tensorsRead(instruction).some((tensor) => needed.has(tensor) || isTrainable(tensor))) continue;
    for (const tensor of tensorsWritten(instruction)) {
      if (draft.table.spec(tensor).kind === 'activation') needed.add(tensor);
    }
  }
  return needed;
}

/** Differentiation starts at the loss if anything is trained; other instructions need a gradient at their output. */
function outputsNeeded(forward: Instruction, draft: Draft, book: GradientBook): boolean {
  if (forward.op === 'lossForward') return book.needs(draft.logits);
  return tensorsWritten(forward).some((tensor) => book.needs(tensor));
}

/** The table holds each rule under its instruction's own op. TypeScript cannot follow that through the union. */
function applyRule(forward: Instruction, book: GradientBook): void {
  const rule = GRADIENT_RULES[forward.op] as (forward: Instruction, book: GradientBook) => void;
  rule(forward, book);
}

function zeroUntouched(draft: Draft, book: GradientBook): Instruction[] {
  const written = new Set(book.instructions.flatMap((instruction) => tensorsWritten(instruction)));
  const instructions: Instruction[] = [];
  for (const [slot, parameter] of draft.layout.parameters.entries()) {
    if (!parameter.trainable) continue;
    const dst = draft.state.parameterGradient(slot);
    if (!written.has(dst)) instructions.push(zero(parameter.node, dst));
  }
  return instructions;
}

function zero(node: NodeId, dst: TensorId): Instruction {
  return { op: 'zero', node, dst };
}
