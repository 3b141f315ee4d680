import { defineLoss, type RowLoss } from './definition.ts';
import { at, logSumExp, softTarget, weightAt } from './rows.ts';

/**
 * The loss of one sample: p is softmax(z), q the smoothed target, w the class weights.
 *
 *     l = -sum_k w_k q_k log p_k ; dl/dz_j = p_j sum_k w_k q_k - w_j q_j
 */
const row: RowLoss = (terms, logits, label, slopes) => {
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

/** Softmax cross-entropy, as torch.nn.CrossEntropyLoss with weights and label smoothing computes it. */
export const crossEntropy = defineLoss({
  kind: 'crossEntropy',
  option: 'cross-entropy',
  settings: {},
  numbers: {},
  ofOneLogit: false,
  readout: () => 'softmax',
  row,
});
