import { defineLoss, type RowLoss } from './definition.ts';
import { softTarget, weightAt } from './rows.ts';

/**
 * `l = w_y / K sum_k (z_k - q_k)^2 ; dl/dz_k = 2 w_y / K (z_k - q_k)`, q the smoothed target, w_y the weight of the
 * class.
 */
const row: RowLoss = (terms, logits, label, slopes) => {
  const share = weightAt(terms, label) / logits.length;
  let loss = 0;
  logits.forEach((z, k) => {
    const miss = z - softTarget(terms, k, label, logits.length);
    loss += share * miss * miss;
    slopes[k] = 2 * share * miss;
  });
  return loss;
};

/** Mean squared error against the one-hot target, as torch.nn.MSELoss. */
export const mse = defineLoss({
  kind: 'mse',
  option: 'mse',
  settings: {},
  numbers: {},
  ofOneLogit: false,
  readout: () => 'clip',
  row,
});
