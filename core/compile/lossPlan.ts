import type { TrainingSettings } from '../document/trainingSettings.ts';
import { lossOf } from '../losses/registry.ts';
import type { LossPlan } from '../program/loss.ts';

type LossSettings = Pick<TrainingSettings, 'loss' | 'classWeights'>;

/**
 * The loss that the settings describe. `counts` are the training images per class, which 'balanced' weights need;
 * without them (evaluation, inspecting a program) those weights are left out.
 */
export function lossPlanOf(settings: LossSettings, counts: readonly number[] | null): LossPlan {
  const { loss, classWeights } = settings;
  const balanced = counts === null ? null : balancedWeights(counts);
  return {
    kind: loss.kind,
    ...lossOf(loss.kind).terms(loss),
    classWeights:
      typeof classWeights === 'string' ? (classWeights === 'none' ? null : balanced) : classWeights,
  };
}

/**
 * `N / (K * n_k)` for a class with n_k of the N images of K classes, as scikit-learn's `class_weight='balanced'`: every
 * class has the same weight in an epoch. A class without images counts neither in N nor in K and has weight 1.
 */
export function balancedWeights(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count === 0 ? 1 : total / (present * count)));
}
