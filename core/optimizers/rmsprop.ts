import { flagCoefficient, numberCoefficient } from './coefficient.ts';
import { epsilon, momentum } from './coefficients.ts';
import { coupledDecay, defineOptimizer } from './definition.ts';
import { FRACTION } from '../diagnostics/range.ts';

/** Decay of the mean squared gradient. */
const alpha = numberCoefficient(
  FRACTION,
  (kinds) => `weight of the old mean square of ${kinds.join(' or ')}`,
);

/** Divides by the standard deviation of the gradient instead of its root mean square. */
const centered = flagCoefficient((kinds) => `${kinds.join(' or ')} by the variance of the gradient`);

/**
 * RMSprop (Hinton, lecture 6e of "Neural Networks for Machine Learning", 2012) as torch.optim.RMSprop computes it, with
 * its defaults. v is the mean square, a the mean (0 unless centered), b the momentum:
 *
 *     g += l2*w + l1*sign(w)
 *     v  = alpha*v + (1-alpha)*g^2 ; centered: a = alpha*a + (1-alpha)*g
 *     d  = g / (sqrt(v - a^2) + eps) ; with momentum: b = momentum*b + d, d = b
 *     w -= lr*d
 */
export const rmsprop = defineOptimizer({
  kind: 'rmsprop',
  label: 'RMSprop',
  settings: {
    alpha: alpha.schema.default(0.99),
    epsilon: epsilon.schema.default(1e-8),
    momentum: momentum.schema.default(0),
    centered: centered.schema.default(false),
  },
  coefficients: { alpha, epsilon, momentum, centered },
  moments: { meanSquare: 0, mean: 0, momentum: 0 },
  keeps: (settings) => ({ meanSquare: true, mean: settings.centered, momentum: settings.momentum !== 0 }),
  update: (settings) => (weight, moments) => {
    const g = weight.g + coupledDecay(weight);
    const v = settings.alpha * moments.meanSquare + (1 - settings.alpha) * g * g;
    moments.meanSquare = v;
    let variance = v;
    if (settings.centered) {
      const a = settings.alpha * moments.mean + (1 - settings.alpha) * g;
      moments.mean = a;
      variance = Math.max(0, v - a * a);
    }
    let d = g / (Math.sqrt(variance) + settings.epsilon);
    if (settings.momentum !== 0) {
      d += settings.momentum * moments.momentum;
      moments.momentum = d;
    }
    return weight.w - weight.lr * d;
  },
});
