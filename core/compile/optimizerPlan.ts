import type { OptimizerSettings, TrainingSettings } from '../document/trainingSettings.ts';
import type { OptimizerPlan } from '../program/optimizer.ts';

/** The update of a training step as the settings describe it; the learning rate comes with each step. */
export function optimizerPlanOf(settings: TrainingSettings): OptimizerPlan {
  const { optimizer, l1, l2, clipping, accumulate, averaging } = settings;
  return {
    ...coefficientsOf(optimizer),
    l1,
    l2,
    ...(clipping.kind === 'none' ? {} : { clipping: { by: clipping.kind, limit: clipping.limit } }),
    ...(accumulate === 1 ? {} : { accumulates: true }),
    ...(averaging.kind === 'none' ? {} : { averageDecay: averaging.decay }),
  };
}

/** The schema's own fields, in the plan's order: the plan is the settings less what the schema may add one day. */
function coefficientsOf(optimizer: OptimizerSettings): OptimizerSettings {
  switch (optimizer.kind) {
    case 'sgd':
      return { kind: 'sgd', momentum: optimizer.momentum, nesterov: optimizer.nesterov };
    case 'rmsprop': {
      const { kind, alpha, epsilon, momentum, centered } = optimizer;
      return { kind, alpha, epsilon, momentum, centered };
    }
    case 'adam':
    case 'adamw': {
      const { kind, beta1, beta2, epsilon } = optimizer;
      return { kind, beta1, beta2, epsilon };
    }
    case 'lion':
      return { kind: 'lion', beta1: optimizer.beta1, beta2: optimizer.beta2 };
  }
}

/**
 * Arrays of the size of all parameters that the optimizer remembers, in this order: SGD its momentum; RMSprop the mean square,
 * then the mean (centred), then the momentum; Adam and AdamW mean and mean square; Lion its momentum.
 */
export function momentCount(optimizer: OptimizerPlan): 0 | 1 | 2 | 3 {
  switch (optimizer.kind) {
    case 'sgd':
      return optimizer.momentum === 0 ? 0 : 1;
    case 'rmsprop': {
      const more = (optimizer.centered ? 1 : 0) + (optimizer.momentum === 0 ? 0 : 1);
      return more === 0 ? 1 : more === 1 ? 2 : 3;
    }
    case 'adam':
    case 'adamw':
      return 2;
    case 'lion':
      return 1;
  }
}
