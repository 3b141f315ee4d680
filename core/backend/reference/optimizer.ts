import { referenceUpdate } from '../../optimizers/registry.ts';
import type { OptimizerPlan } from '../../program/optimizer.ts';
import type { ParameterSlot, StateLayout } from '../../program/stateLayout.ts';
import type { StepScalars } from '../backend.ts';
import { at } from './values.ts';

/** The update of element `i` of the state, whose gradient is `gradient`. */
export type ElementStep = (
  state: Float64Array,
  i: number,
  gradient: number,
  slot: ParameterSlot,
  scalars: StepScalars,
) => void;

/** Returns the update of one element by the optimizer of the plan; the moments are in the state, as in `layout`. */
export function elementStep(plan: OptimizerPlan, layout: StateLayout): ElementStep {
  const { moments, run } = referenceUpdate(plan);
  const kept = plan.moments.map((name, index) => ({ name, offset: layout.momentOffsets[index] ?? NaN }));
  return (state, i, g, { decayed, rateFactor, startsAfter = 0 }, { learningRate, step }) => {
    for (const { name, offset } of kept) moments[name] = at(state, offset + i);
    const [l1, l2] = decayed ? [plan.l1, plan.l2] : [0, 0];
    const t = step - startsAfter;
    state[i] = run({ w: at(state, i), g, l1, l2, lr: learningRate * rateFactor, t });
    for (const { name, offset } of kept) state[offset + i] = moments[name] ?? NaN;
  };
}
