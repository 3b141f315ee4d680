import { FRACTION, numberIn } from '../diagnostics/range.ts';
import { defineLoss, type RowLoss } from './definition.ts';
import { at, hardTarget, logSumExp, sigmoid, softplus, softTarget, weightAt } from './rows.ts';

const gamma = { min: 0, max: 100, help: 'exponent of the focal loss' } as const;
const alpha = { ...FRACTION, help: 'factor of the focal loss' } as const;

/** Focal loss, with the defaults of the paper (Lin et al. 2017, arXiv 1708.02002). */
export const focal = defineLoss({
  kind: 'focal',
  option: 'focal',
  settings: { gamma: numberIn(gamma).default(2), alpha: numberIn(alpha).default(0.25) },
  numbers: { gamma, alpha },
  ofOneLogit: true,
  readout: (logitCount) => (logitCount === 1 ? 'sigmoid' : 'softmax'),
  terms: (settings) => ({ exponent: settings.gamma, alpha: settings.alpha }),
  row: (terms, logits, label, slopes) =>
    logits.length === 1
      ? binaryFocal(terms, logits, label, slopes)
      : softmaxFocal(terms, logits, label, slopes),
});

/**
 * As Keras' CategoricalFocalCrossentropy: p is softmax(z), q the smoothed target, w the class weights.
 *
 *     l   = -alpha sum_k w_k q_k (1-p_k)^gamma log p_k
 *     h_k = alpha w_k q_k (gamma (1-p_k)^(gamma-1) p_k log p_k - (1-p_k)^gamma) ; dl/dz_j = h_j - p_j sum_k h_k
 */
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

/**
 * As torchvision.ops.sigmoid_focal_loss: t is the smoothed target, p = 1 / (1 + exp(-z)), c = softplus(z) - t z.
 *
 *     u = t (1-p) + (1-t) p ; a = alpha t + (1-alpha)(1-t) ; l = w_y a u^gamma c
 *     dl/dz = w_y a (u^gamma (p-t) - gamma u^(gamma-1) (2t-1) p (1-p) c)
 */
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

/** `gamma * x^(gamma-1)`; 0 at x = 0, where the factor that it is multiplied by is 0 too. */
function powerSlope(x: number, gamma: number): number {
  return gamma === 0 || x <= 0 ? 0 : gamma * x ** (gamma - 1);
}
