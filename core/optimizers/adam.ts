import { beta1, beta2, epsilon } from './coefficients.ts';
import { defineOptimizer, type Weight } from './definition.ts';

/** Coefficients of Adam and its relatives; PyTorch's defaults. */
export const ADAM_SETTINGS = {
  beta1: beta1.schema.default(0.9),
  beta2: beta2.schema.default(0.999),
  epsilon: epsilon.schema.default(1e-8),
} as const;

/**
 * Adam (Kingma and Ba 2015, arXiv 1412.6980, algorithm 1) as torch.optim.Adam computes it. m is the mean, v the mean
 * square:
 *
 *     g += l2*w + l1*sign(w)
 *     m  = beta1*m + (1-beta1)*g ; v = beta2*v + (1-beta2)*g^2
 *     w -= lr/(1-beta1^t) * m / (sqrt(v)/sqrt(1-beta2^t) + eps)
 */
export const adam = defineOptimizer({
  kind: 'adam',
  label: 'Adam',
  settings: ADAM_SETTINGS,
  coefficients: { beta1, beta2, epsilon },
  moments: { mean: 0, meanSquare: 0 },
  update: (settings) => (weight, moments) => {
    const { w, l1, l2 } = weight;
    const g = weight.g + l2 * w + l1 * Math.sign(w);
    return w - adamStep(settings, { ...weight, g }, moments);
  },
});

/**
 * Returns what Adam subtracts from a weight, and updates the moments. The gradient must already include the coupled
 * decay.
 */
export function adamStep(
  { beta1, beta2, epsilon }: { readonly beta1: number; readonly beta2: number; readonly epsilon: number },
  { g, lr, t }: Weight,
  moments: { mean: number; meanSquare: number },
): number {
  const m = beta1 * moments.mean + (1 - beta1) * g;
  const v = beta2 * moments.meanSquare + (1 - beta2) * g * g;
  moments.mean = m;
  moments.meanSquare = v;
  return ((lr / (1 - beta1 ** t)) * m) / (Math.sqrt(v) / Math.sqrt(1 - beta2 ** t) + epsilon);
}
