/**
 * What a network is trained to make small. Label smoothing stands beside it, in the instruction: it belongs to
 * training, the kind with its coefficients to validation too.
 */
export interface LossPlan {
  /** Name of a page of `core/losses`, which has the formula, and of a loss of the native backend. */
  readonly kind: string;
  /** Focal's gamma in `(1 - p)^gamma`; 0 elsewhere. */
  readonly exponent: number;
  /** Focal: factor of the loss; over one logit that of class 1, and `1 - alpha` that of class 0. 1 elsewhere. */
  readonly alpha: number;
  /** One positive number for each class: weight of its samples, in training only. Null: all weigh the same. */
  readonly classWeights: readonly number[] | null;
}

export const CROSS_ENTROPY: LossPlan = { kind: 'crossEntropy', exponent: 0, alpha: 1, classWeights: null };

/** What a sample of class `label` weighs in the mean over a batch; 0 without a label. */
export function weightOfLabel(plan: Pick<LossPlan, 'classWeights'>, label: number): number {
  if (label < 0) return 0;
  return plan.classWeights?.[label] ?? 1;
}

/**
 * What the mean over a batch is divided by: the sum of the weights of its samples, those mixed of two by the shares of
 * their labels.
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
