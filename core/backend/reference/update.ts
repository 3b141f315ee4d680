import { averageShare, type Clipping, type OptimizerPlan } from '../../program/optimizer.ts';
import type { ParameterSlot, StateLayout } from '../../program/stateLayout.ts';
import type { StepScalars } from '../backend.ts';
import { elementStep } from './optimizer.ts';
import { at } from './values.ts';

/*
 * The end of a training step; A accumulated gradient, e moving average, d = averageShare(decay, t).
 *   accumulate  A = keep * A + share * g ; after the last batch g = A, and the following steps run
 *   clip norm   n = sqrt(sum g^2) over all trained parameters ; g *= min(1, limit / (n + 1e-6))
 *   clip value  g = min(limit, max(-limit, g))
 *   update      optimizer.ts ; frozen slots and their averages stay as they are
 *   average     e += (1-d)*(w-e) over trained parameters and statistics
 * If the norm is not finite, the update is skipped, so that the weights before it are kept.
 */
export interface Update {
  run(scalars: StepScalars): void;
  /** Gradient norm of the last update, before clipping; NaN without clipping. */
  norm(): number;
}

export interface UpdateArrays {
  readonly state: Float64Array;
  readonly gradients: Float64Array;
  /** Has the length of `gradients`; shared by all programs of a session. Used only when the plan accumulates. */
  readonly accumulated: Float64Array;
}

/** Returns the update of all trainable parameters in the state, which is laid out by `layout`. */
export function prepareUpdate(plan: OptimizerPlan, layout: StateLayout, arrays: UpdateArrays): Update {
  const { state, gradients, accumulated } = arrays;
  const step = elementStep(plan, layout);
  const slots = layout.parameters.filter((slot) => slot.trainable);
  let norm = NaN;
  return {
    norm: () => norm,
    run: (scalars) => {
      const { accumulation } = scalars;
      if (accumulation !== undefined) {
        const { keep, share } = accumulation;
        gradients.forEach((g, i) => {
          accumulated[i] = (keep === 0 ? 0 : keep * at(accumulated, i)) + share * g;
        });
        if (!accumulation.isLast) return;
      }
      const source = accumulation === undefined ? gradients : accumulated;
      if (plan.clipping !== undefined) norm = normOf(source, slots);
      if (plan.clipping !== undefined && !Number.isFinite(norm)) return;
      const clip = clipper(plan.clipping, norm);
      for (const slot of slots) {
        for (let i = slot.offset; i < slot.offset + slot.size; i += 1)
          step(state, i, clip(at(source, i)), slot, scalars);
      }
      average(plan, layout, slots, { state, step: scalars.step });
    },
  };
}

function normOf(gradients: Float64Array, slots: readonly ParameterSlot[]): number {
  let sum = 0;
  for (const slot of slots) {
    for (let i = slot.offset; i < slot.offset + slot.size; i += 1) sum += at(gradients, i) ** 2;
  }
  return Math.sqrt(sum);
}

function clipper(clipping: Clipping | undefined, norm: number): (gradient: number) => number {
  if (clipping === undefined) return (gradient) => gradient;
  const { limit } = clipping;
  if (clipping.by === 'value') return (gradient) => Math.min(limit, Math.max(-limit, gradient));
  const factor = Math.min(1, limit / (norm + 1e-6));
  return (gradient) => factor * gradient;
}

function average(
  plan: OptimizerPlan,
  { averageOffset, statisticsOffset, statisticsSize }: StateLayout,
  slots: readonly ParameterSlot[],
  { state, step }: { readonly state: Float64Array; readonly step: number },
): void {
  if (plan.averageDecay === undefined || averageOffset === undefined) return;
  const share = averageShare(plan.averageDecay, step);
  const statistics = { offset: statisticsOffset, size: statisticsSize };
  for (const { offset, size } of [...slots, statistics]) {
    for (let i = offset; i < offset + size; i += 1) {
      const before = at(state, averageOffset + i);
      // Exact where value and average are equal: frozen statistics keep every bit.
      state[averageOffset + i] = before + (1 - share) * (at(state, i) - before);
    }
  }
}
