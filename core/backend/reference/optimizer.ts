import type { StepScalars } from '../backend.ts';
import type { OptimizerPlan } from '../../program/optimizer.ts';
import type { ParameterSlot, StateLayout } from '../../program/stateLayout.ts';
import { at } from './values.ts';

/*
 * w parameter, g gradient, lr rate, t step from 1; l1 and l2 act on decayed slots only, frozen slots stay as they are.
 * Formulas as torch.optim.SGD, Adam, AdamW; L1 adds l1 * sign(w) to the gradient.
 *   sgd    g += l2*w + l1*sign(w) ; b = momentum*b + g ; w -= lr * (nesterov ? g + momentum*b : b)
 *   adam   g += l2*w + l1*sign(w) ; m = beta1*m + (1-beta1)*g ; v = beta2*v + (1-beta2)*g^2
 *          w -= lr / (1-beta1^t) * m / (sqrt(v) / sqrt(1-beta2^t) + eps)
 *   adamw  g += l1*sign(w) ; w -= lr*l2*w ; then as adam
 */
type Update = (scalars: StepScalars) => void;

/** Gives the update of all trainable parameters in `state`, laid out by `layout`, from `gradients`. */
export function optimizerUpdate(
  plan: OptimizerPlan,
  layout: StateLayout,
  state: Float64Array,
  gradients: Float64Array,
): Update {
  const update = plan.kind === 'sgd' ? sgdStep(plan, layout) : adamStep(plan, layout);
  const slots = layout.parameters.filter((slot) => slot.trainable);
  return (scalars) => {
    for (const slot of slots) {
      for (let i = slot.offset; i < slot.offset + slot.size; i += 1)
        update(state, i, at(gradients, i), slot, scalars);
    }
  };
}

type ElementStep = (
  state: Float64Array,
  i: number,
  gradient: number,
  slot: ParameterSlot,
  scalars: StepScalars,
) => void;

function sgdStep(plan: Extract<OptimizerPlan, { kind: 'sgd' }>, layout: StateLayout): ElementStep {
  const moment = layout.momentOffsets[0];
  return (state, i, gradient, slot, { learningRate }) => {
    const w = at(state, i);
    const g = gradient + (slot.decayed ? plan.l2 * w + plan.l1 * Math.sign(w) : 0);
    if (moment === undefined) {
      state[i] = w - learningRate * g;
      return;
    }
    const b = plan.momentum * at(state, moment + i) + g;
    state[moment + i] = b;
    state[i] = w - learningRate * (plan.nesterov ? g + plan.momentum * b : b);
  };
}

function adamStep(plan: Exclude<OptimizerPlan, { kind: 'sgd' }>, layout: StateLayout): ElementStep {
  const [first = NaN, second = NaN] = layout.momentOffsets;
  const { beta1, beta2, epsilon } = plan;
  return (state, i, gradient, slot, { learningRate, step }) => {
    const old = at(state, i);
    const l2 = slot.decayed ? plan.l2 : 0;
    const inGradient = plan.kind === 'adam' ? l2 * old : 0;
    const g = gradient + inGradient + (slot.decayed ? plan.l1 * Math.sign(old) : 0);
    const w = plan.kind === 'adamw' ? old - learningRate * l2 * old : old;
    const m = beta1 * at(state, first + i) + (1 - beta1) * g;
    const v = beta2 * at(state, second + i) + (1 - beta2) * g * g;
    state[first + i] = m;
    state[second + i] = v;
    const denominator = Math.sqrt(v) / Math.sqrt(1 - beta2 ** step) + epsilon;
    state[i] = w - ((learningRate / (1 - beta1 ** step)) * m) / denominator;
  };
}
