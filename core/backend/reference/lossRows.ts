import type { LossPlan } from '../../program/loss.ts';
import { at } from './values.ts';

/*
 * Loss l of one sample and its gradient at the K logits z; y its class, w the class weights (1 where there are none), s label
 * smoothing, softplus(z) = log(1 + exp(z)).
 *   targets    crossEntropy, mse, focal over K >= 2: q_k = (1-s) * [k = y] + s/K
 *              binaryCrossEntropy, focal over one logit: t_k = (1-s) * [k = y] + s/2; over one logit [k = y] is [y = 1]
 *   crossEntropy        p = softmax(z) ; l = -sum_k w_k q_k log p_k            (torch.nn.CrossEntropyLoss, weights and smoothing)
 *                       dl/dz_j = p_j sum_k w_k q_k - w_j q_j
 *   focal, K >= 2       l = -alpha sum_k w_k q_k (1-p_k)^gamma log p_k         (Keras CategoricalFocalCrossentropy)
 *                       h_k = alpha w_k q_k (gamma (1-p_k)^(gamma-1) p_k log p_k - (1-p_k)^gamma) ; dl/dz_j = h_j - p_j sum_k h_k
 *   binaryCrossEntropy  c_k = softplus(z_k) - t_k z_k ; l = w_y / K sum_k c_k  (torch.nn.BCEWithLogitsLoss)
 *                       p = 1 / (1 + exp(-z)) ; dl/dz_k = w_y / K (p_k - t_k)
 *   focal, one logit    u = t (1-p) + (1-t) p ; a = alpha t + (1-alpha)(1-t) ; l = w_y a u^gamma c
 *                       dl/dz = w_y a (u^gamma (p-t) - gamma u^(gamma-1) (2t-1) p (1-p) c)   (torchvision.ops.sigmoid_focal_loss)
 *   mse                 l = w_y / K sum_k (z_k - q_k)^2 ; dl/dz_k = 2 w_y / K (z_k - q_k)    (torch.nn.MSELoss against one-hot)
 */

export interface LossTerms extends LossPlan {
  readonly labelSmoothing: number;
}

/** Loss of one sample of class `label` (not negative); its gradient at the logits goes to `slopes`, as long as `logits`. */
export function lossOfRow(
  terms: LossTerms,
  logits: Float64Array,
  label: number,
  slopes: Float64Array,
): number {
  switch (terms.kind) {
    case 'crossEntropy':
      return crossEntropy(terms, logits, label, slopes);
    case 'focal':
      return logits.length === 1
        ? binaryFocal(terms, logits, label, slopes)
        : softmaxFocal(terms, logits, label, slopes);
    case 'binaryCrossEntropy':
      return binaryCrossEntropy(terms, logits, label, slopes);
    case 'mse':
      return meanSquare(terms, logits, label, slopes);
  }
}

type RowLoss = typeof lossOfRow;

const crossEntropy: RowLoss = (terms, logits, label, slopes) => {
  const logSum = logSumExp(logits);
  const wanted = Float64Array.from(
    logits,
    (_, k) => weightAt(terms, k) * softTarget(terms, k, label, logits.length),
  );
  const whole = wanted.reduce((sum, value) => sum + value, 0);
  let loss = 0;
  logits.forEach((z, k) => {
    loss -= at(wanted, k) * (z - logSum);
    slopes[k] = Math.exp(z - logSum) * whole - at(wanted, k);
  });
  return loss;
};

const softmaxFocal: RowLoss = (terms, logits, label, slopes) => {
  const { exponent: gamma, alpha } = terms;
  const logSum = logSumExp(logits);
  let loss = 0;
  const pulls = Float64Array.from(logits, (z, k) => {
    const factor = alpha * weightAt(terms, k) * softTarget(terms, k, label, logits.length);
    const logP = z - logSum;
    const p = Math.exp(logP);
    const rest = -Math.expm1(logP);
    loss -= factor * rest ** gamma * logP;
    return factor * (powerSlope(rest, gamma) * p * logP - rest ** gamma);
  });
  const whole = pulls.reduce((sum, value) => sum + value, 0);
  logits.forEach((z, k) => {
    slopes[k] = at(pulls, k) - Math.exp(z - logSum) * whole;
  });
  return loss;
};

const binaryCrossEntropy: RowLoss = (terms, logits, label, slopes) => {
  const share = weightAt(terms, label) / logits.length;
  let loss = 0;
  logits.forEach((z, k) => {
    const t = hardTarget(terms, k, label, logits.length);
    loss += share * (softplus(z) - t * z);
    slopes[k] = share * (sigmoid(z) - t);
  });
  return loss;
};

const binaryFocal: RowLoss = (terms, logits, label, slopes) => {
  const { exponent: gamma, alpha } = terms;
  const z = at(logits, 0);
  const t = hardTarget(terms, 0, label, 1);
  const [p, rest] = [sigmoid(z), sigmoid(-z)];
  const missed = t * rest + (1 - t) * p;
  const cost = softplus(z) - t * z;
  const factor = weightAt(terms, label) * (alpha * t + (1 - alpha) * (1 - t));
  slopes[0] =
    factor * (missed ** gamma * (p - t) - powerSlope(missed, gamma) * (2 * t - 1) * p * rest * cost);
  return factor * missed ** gamma * cost;
};

const meanSquare: RowLoss = (terms, logits, label, slopes) => {
  const share = weightAt(terms, label) / logits.length;
  let loss = 0;
  logits.forEach((z, k) => {
    const miss = z - softTarget(terms, k, label, logits.length);
    loss += share * miss * miss;
    slopes[k] = 2 * share * miss;
  });
  return loss;
};

/** `gamma * x^(gamma-1)`; 0 at x = 0, where what it is multiplied by is 0 too. */
function powerSlope(x: number, gamma: number): number {
  return gamma === 0 || x <= 0 ? 0 : gamma * x ** (gamma - 1);
}

function weightAt({ classWeights }: LossTerms, k: number): number {
  return classWeights?.[k] ?? 1;
}

function softTarget({ labelSmoothing }: LossTerms, k: number, label: number, count: number): number {
  return (k === label ? 1 - labelSmoothing : 0) + labelSmoothing / count;
}

function hardTarget({ labelSmoothing }: LossTerms, k: number, label: number, count: number): number {
  const isOne = count === 1 ? label === 1 : k === label;
  return (isOne ? 1 - labelSmoothing : 0) + labelSmoothing / 2;
}

/** Log of the sum of exponentials, the largest taken out first so that nothing overflows. */
function logSumExp(row: Float64Array): number {
  const largest = row.reduce((a, b) => Math.max(a, b));
  return largest + Math.log(row.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}

function softplus(z: number): number {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

function sigmoid(z: number): number {
  return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
}
