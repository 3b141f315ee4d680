import { defineLoss, type RowLoss } from './definition.ts';
import { hardTarget, sigmoid, softplus, weightAt } from './rows.ts';

/**
 * The loss of one sample: t is the smoothed target, w_y the weight of the sample's class.
 *
 *     c_k = softplus(z_k) - t_k z_k ; l = w_y / K sum_k c_k
 *     p = 1 / (1 + exp(-z)) ; dl/dz_k = w_y / K (p_k - t_k)
 */
const row: RowLoss = (terms, logits, label, slopes) => {
  const share = weightAt(terms, label) / logits.length;
  let loss = 0;
  logits.forEach((z, k) => {
    const t = hardTarget(terms, k, label, logits.length);
    loss += share * (softplus(z) - t * z);
    slopes[k] = share * (sigmoid(z) - t);
  });
  return loss;
};

/** Binary cross-entropy of each logit, as torch.nn.BCEWithLogitsLoss; one logit distinguishes two classes. */
export const binaryCrossEntropy = defineLoss({
  kind: 'binaryCrossEntropy',
  option: 'binary-cross-entropy',
  settings: {},
  numbers: {},
  ofOneLogit: true,
  readout: () => 'sigmoid',
  row,
});
