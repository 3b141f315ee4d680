import { must } from '../diagnostics/invariantError.ts';
import type { Instruction } from '../program/instruction.ts';
import type { TensorId } from '../program/tensor.ts';
import { tensorsRead } from '../program/operands.ts';
import type { Draft } from './draft.ts';

/**
 * The gradients collected while the forward pass is walked backward: what the rules of `gradientRules.ts` read and
 * write.
 */
export class GradientBook {
  readonly instructions: Instruction[] = [];
  readonly #draft: Draft;
  readonly #needed: ReadonlySet<TensorId>;
  readonly #trains: boolean;
  readonly #uses: ReadonlyMap<TensorId, number>;
  readonly #contributions = new Map<TensorId, TensorId[]>();
  readonly #totals = new Map<TensorId, TensorId>();

  /**
   * `needed`: the tensors whose gradient is needed, by a trainable parameter below or by the caller. `trains`: whether
   * parameters have gradients.
   */
  constructor(draft: Draft, needed: ReadonlySet<TensorId>, trains: boolean) {
    this.#draft = draft;
    this.#needed = needed;
    this.#trains = trains;
    this.#uses = countUses(draft.forward);
  }

  needs(tensor: TensorId): boolean {
    return this.#needed.has(tensor);
  }

  emit(instruction: Instruction): void {
    this.instructions.push(instruction);
  }

  /** A new tensor for the share that `by` adds to the gradient at `tensor`; null when that gradient is not needed. */
  share(tensor: TensorId, by: Instruction): TensorId | null {
    if (!this.needs(tensor)) return null;
    const { name, dims } = this.#draft.table.spec(tensor);
    const several = (this.#uses.get(tensor) ?? 0) > 1;
    const gradientName = several ? `d(${name})@${by.node}` : `d(${name})`;
    const share = this.#draft.table.add({ name: gradientName, kind: 'gradient', dims, batched: true });
    this.pass(tensor, share);
    return share;
  }

  /** Records an existing gradient tensor as a share of the gradient at `tensor`. */
  pass(tensor: TensorId, gradient: TensorId): void {
    if (!this.needs(tensor)) return;
    const shares = this.#contributions.get(tensor);
    if (shares === undefined) this.#contributions.set(tensor, [gradient]);
    else shares.push(gradient);
  }

  /**
   * The whole gradient at `tensor`, once all its uses have been visited: its only share, or one `sum` of all shares,
   * emitted here. Null when no gradient is needed there.
   */
  total(tensor: TensorId, by: Instruction): TensorId | null {
    if (!this.needs(tensor)) return null;
    const known = this.#totals.get(tensor);
    if (known !== undefined) return known;
    const total = this.#add(tensor, must(this.#contributions.get(tensor), 'gradient of a used tensor'), by);
    this.#totals.set(tensor, total);
    return total;
  }

  /** The tensor for the gradient of a parameter; null for an absent or frozen one, and where none trains. */
  parameter(tensor: TensorId | null): TensorId | null {
    if (tensor === null || !this.#trains) return null;
    const slot = must(this.#draft.table.spec(tensor).slot, 'slot of a parameter');
    const trainable = must(this.#draft.layout.parameters[slot], 'parameter slot').trainable;
    return trainable ? this.#draft.state.parameterGradient(slot) : null;
  }

  /** Dimensions of one sample of `tensor`. */
  dims(tensor: TensorId): readonly number[] {
    return this.#draft.table.spec(tensor).dims;
  }

  #add(tensor: TensorId, shares: readonly TensorId[], by: Instruction): TensorId {
    const [only, ...others] = shares;
    if (only !== undefined && others.length === 0) return only;
    const { name, dims } = this.#draft.table.spec(tensor);
    const dst = this.#draft.table.add({ name: `d(${name})`, kind: 'gradient', dims, batched: true });
    this.emit({ op: 'sum', node: by.node, srcs: shares, dst });
    return dst;
  }
}

function countUses(forward: readonly Instruction[]): Map<TensorId, number> {
  const uses = new Map<TensorId, number>();
  for (const instruction of forward) {
    for (const tensor of tensorsRead(instruction)) uses.set(tensor, (uses.get(tensor) ?? 0) + 1);
  }
  return uses;
}
