import { ADAM_SETTINGS, adamStep } from './adam.ts';
import { beta1, beta2, epsilon } from './coefficients.ts';
import { defineOptimizer } from './definition.ts';

/**
 * AdamW (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2) as torch.optim.AdamW computes it: Adam with weight
 * decay decoupled from the gradient.
 *
 *     g += l1*sign(w)
 *     w -= lr*l2*w
 *     then as Adam
 */
export const adamw = defineOptimizer({
  kind: 'adamw',
  label: 'AdamW',
  settings: ADAM_SETTINGS,
  coefficients: { beta1, beta2, epsilon },
  moments: { mean: 0, meanSquare: 0 },
  update: (settings) => (weight, moments) => {
    const { w, lr, l1, l2 } = weight;
    const g = weight.g + l1 * Math.sign(w);
    return w - lr * l2 * w - adamStep(settings, { ...weight, g }, moments);
  },
});
