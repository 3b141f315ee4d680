import type { StepScalars } from '../backend.ts';
import type { OptimizerPlan } from '../../program/optimizer.ts';
import type { ParameterSlot, StateLayout } from '../../program/stateLayout.ts';
import { at } from './values.ts';

/*
 * w parameter, g gradient, lr rate, t step from 1; l1 and l2 act on decayed slots only.
 * Formulas as torch.optim.SGD, RMSprop, Adam, AdamW; Lion as Chen et al. 2023 (arXiv 2302.06675), algorithm 2. L1 adds
 * l1 * sign(w) to the gradient.
 *   sgd      g += l2*w + l1*sign(w) ; b = momentum*b + g ; w -= lr * (nesterov ? g + momentum*b : b)
 *   rmsprop  g += l2*w + l1*sign(w) ; v = alpha*v + (1-alpha)*g^2 ; centered: a = alpha*a + (1-alpha)*g
 *            d = g / (sqrt(v - a^2) + eps) (a = 0 unless centered) ; momentum: b = momentum*b + d, d = b ; w -= lr*d
 *   adam     g += l2*w + l1*sign(w) ; m = beta1*m + (1-beta1)*g ; v = beta2*v + (1-beta2)*g^2
 *            w -= lr / (1-beta1^t) * m / (sqrt(v) / sqrt(1-beta2^t) + eps)
 *   adamw    g += l1*sign(w) ; w -= lr*l2*w ; then as adam
 *   lion     g += l1*sign(w) ; w -= lr * (sign(beta1*m + (1-beta1)*g) + l2*w) ; m = beta2*m + (1-beta2)*g
 */
export type ElementStep = (
  state: Float64Array,
  i: number,
  gradient: number,
  slot: ParameterSlot,
  scalars: StepScalars,
) => void;

/** Gives the update of one element; the moments stand in the state by the layout, in the order of `momentCount`. */
export function elementStep(plan: OptimizerPlan, layout: StateLayout): ElementStep {
  switch (plan.kind) {
    case 'sgd':
      return sgdStep(plan, layout);
    case 'rmsprop':
      return rmspropStep(plan, layout);
    case 'adam':
    case 'adamw':
      return adamStep(plan, layout);
    case 'lion':
      return lionStep(plan, layout);
  }
}

type PlanOf<K extends OptimizerPlan['kind']> = Extract<OptimizerPlan, { kind: K }>;

function sgdStep(plan: PlanOf<'sgd'>, layout: StateLayout): ElementStep {
  const moment = layout.momentOffsets[0];
  return (state, i, gradient, slot, { learningRate }) => {
    const w = at(state, i);
    const g = gradient + coupledDecay(plan, slot, w);
    if (moment === undefined) {
      state[i] = w - learningRate * g;
      return;
    }
    const b = plan.momentum * at(state, moment + i) + g;
    state[moment + i] = b;
    state[i] = w - learningRate * (plan.nesterov ? g + plan.momentum * b : b);
  };
}

function rmspropStep(plan: PlanOf<'rmsprop'>, layout: StateLayout): ElementStep {
  const [squares = NaN, ...others] = layout.momentOffsets;
  const mean = plan.centered ? others[0] : undefined;
  const momentum = plan.momentum === 0 ? undefined : others.at(-1);
  const { alpha, epsilon } = plan;
  return (state, i, gradient, slot, { learningRate }) => {
    const w = at(state, i);
    const g = gradient + coupledDecay(plan, slot, w);
    const v = alpha * at(state, squares + i) + (1 - alpha) * g * g;
    state[squares + i] = v;
    let variance = v;
    if (mean !== undefined) {
      const a = alpha * at(state, mean + i) + (1 - alpha) * g;
      state[mean + i] = a;
      variance = Math.max(0, v - a * a);
    }
    let d = g / (Math.sqrt(variance) + epsilon);
    if (momentum !== undefined) {
      d += plan.momentum * at(state, momentum + i);
      state[momentum + i] = d;
    }
    state[i] = w - learningRate * d;
  };
}

function adamStep(plan: PlanOf<'adam' | 'adamw'>, layout: StateLayout): ElementStep {
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

function lionStep(plan: PlanOf<'lion'>, layout: StateLayout): ElementStep {
  const [moment = NaN] = layout.momentOffsets;
  const { beta1, beta2 } = plan;
  return (state, i, gradient, slot, { learningRate }) => {
    const w = at(state, i);
    const m = at(state, moment + i);
    const g = gradient + (slot.decayed ? plan.l1 * Math.sign(w) : 0);
    const decay = slot.decayed ? plan.l2 * w : 0;
    state[i] = w - learningRate * (Math.sign(beta1 * m + (1 - beta1) * g) + decay);
    state[moment + i] = beta2 * m + (1 - beta2) * g;
  };
}

/** What L1 and L2 add to the gradient where weight decay is not decoupled from it. */
function coupledDecay({ l1, l2 }: OptimizerPlan, slot: ParameterSlot, w: number): number {
  return slot.decayed ? l2 * w + l1 * Math.sign(w) : 0;
}
