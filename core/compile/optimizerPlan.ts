import type { TrainingSettings } from '../document/trainingSettings.ts';
import type { OptimizerPlan } from '../program/optimizer.ts';

/** The update of a training step as the settings describe it; the learning rate comes with each step. */
export function optimizerPlanOf(settings: TrainingSettings): OptimizerPlan {
  const { optimizer, l1, l2 } = settings;
  if (optimizer.kind === 'sgd') {
    return { kind: 'sgd', momentum: optimizer.momentum, nesterov: optimizer.nesterov, l1, l2 };
  }
  const { kind, beta1, beta2, epsilon } = optimizer;
  return { kind, beta1, beta2, epsilon, l1, l2 };
}

/** Arrays of the size of all parameters that the optimizer remembers: momentum, or Adam's two moments. */
export function momentCount(optimizer: OptimizerPlan): 0 | 1 | 2 {
  if (optimizer.kind !== 'sgd') return 2;
  return optimizer.momentum === 0 ? 0 : 1;
}
