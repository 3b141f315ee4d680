/**
 * The loss function and its coefficients, in training and in validation. Label smoothing is a field of the instruction,
 * because it applies in training only.
 */
export interface LossPlan {
  /** Name of the loss, in `core/losses`, which has the formula, and in the native backend. */
  readonly kind: string;
  /** Focal loss: gamma in `(1 - p)^gamma`; 0 for other losses. */
  readonly exponent: number;
  /**
   * Focal loss: factor of the loss; with one logit, `alpha` for class 1 and `1 - alpha` for class 0. 1 for other
   * losses.
   */
  readonly alpha: number;
  /** One positive number per class: the weight of its samples, in training only. Null: all have weight 1. */
  readonly classWeights: readonly number[] | null;
}

export const CROSS_ENTROPY: LossPlan = { kind: 'crossEntropy', exponent: 0, alpha: 1, classWeights: null };

/** Returns the weight of a sample of class `label` in the mean over a batch; 0 without a label. */
export function weightOfLabel(plan: Pick<LossPlan, 'classWeights'>, label: number): number {
  if (label < 0) return 0;
  return plan.classWeights?.[label] ?? 1;
}

/**
 * Returns the divisor of the mean over a batch: the sum of the weights of its samples. A mixed sample has the weights
 * of its two labels, by their shares.
 */
export function totalWeight(
  plan: Pick<LossPlan, 'classWeights'>,
  labels: Int32Array,
  mix: { readonly labels: Int32Array; readonly shares: Float32Array } | null,
): number {
  return labels.reduce((sum, label, n) => {
    const share = label < 0 ? 1 : (mix?.shares[n] ?? 1);
    const own = weightOfLabel(plan, label);
    return (
      sum + (share === 1 ? own : share * own + (1 - share) * weightOfLabel(plan, mix?.labels[n] ?? label))
    );
  }, 0);
}
