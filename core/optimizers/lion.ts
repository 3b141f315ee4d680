import { beta1, beta2 } from './coefficients.ts';
import { defineOptimizer } from './definition.ts';

/**
 * Lion (Chen et al. 2023, arXiv 2302.06675, algorithm 2), with the defaults of the paper. m is the momentum:
 *
 *     g += l1*sign(w)
 *     w -= lr * (sign(beta1*m + (1-beta1)*g) + l2*w)
 *     m  = beta2*m + (1-beta2)*g
 */
export const lion = defineOptimizer({
  kind: 'lion',
  label: 'Lion',
  settings: { beta1: beta1.schema.default(0.9), beta2: beta2.schema.default(0.99) },
  coefficients: { beta1, beta2 },
  moments: { momentum: 0 },
  update:
    ({ beta1, beta2 }) =>
    ({ w, lr, l1, l2, ...weight }, moments) => {
      const m = moments.momentum;
      const g = weight.g + l1 * Math.sign(w);
      moments.momentum = beta2 * m + (1 - beta2) * g;
      return w - lr * (Math.sign(beta1 * m + (1 - beta1) * g) + l2 * w);
    },
});
