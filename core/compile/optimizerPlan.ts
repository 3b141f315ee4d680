import type { TrainingSettings } from '../document/trainingSettings.ts';
import { planOf } from '../optimizers/registry.ts';
import type { OptimizerPlan } from '../program/optimizer.ts';

/** The update of a training step that the settings describe; the learning rate is passed to each step. */
export function optimizerPlanOf(settings: TrainingSettings): OptimizerPlan {
  const { optimizer, l1, l2, clipping, accumulate, averaging } = settings;
  return planOf({
    ...optimizer,
    l1,
    l2,
    ...(clipping.kind === 'none' ? {} : { clipping: { by: clipping.kind, limit: clipping.limit } }),
    ...(accumulate === 1 ? {} : { accumulates: true }),
    ...(averaging.kind === 'none' ? {} : { averageDecay: averaging.decay }),
  });
}
