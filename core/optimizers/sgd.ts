import { momentum, nesterov } from './coefficients.ts';
import { coupledDecay, defineOptimizer } from './definition.ts';

/**
 * Stochastic gradient descent as torch.optim.SGD computes it, with momentum b (Sutskever et al. 2013) and without
 * dampening:
 *
 *     g += l2*w + l1*sign(w)
 *     b  = momentum*b + g
 *     w -= lr * (nesterov ? g + momentum*b : b)
 *
 * Momentum is 0.9 by default, as in the reference of the templates; PyTorch's default is 0.
 */
export const sgd = defineOptimizer({
  kind: 'sgd',
  label: 'SGD',
  settings: { momentum: momentum.schema.default(0.9), nesterov: nesterov.schema.default(false) },
  coefficients: { momentum, nesterov },
  moments: { momentum: 0 },
  keeps: (settings) => ({ momentum: settings.momentum !== 0 }),
  update: (settings) => (weight, moments) => {
    const { w, lr } = weight;
    const g = weight.g + coupledDecay(weight);
    if (settings.momentum === 0) return w - lr * g;
    const b = settings.momentum * moments.momentum + g;
    moments.momentum = b;
    return w - lr * (settings.nesterov ? g + settings.momentum * b : b);
  },
});
