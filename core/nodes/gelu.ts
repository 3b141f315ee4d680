import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';

/** `x * Phi(x)` on every value. */
export const gelu = defineNode({
  ...ELEMENTWISE,
  kind: 'gelu',
  title: 'GELU',
  help: 'x times the normal distribution function of x: x · Φ(x), in the exact erf form that is PyTorch’s default (Hendrycks and Gimpel 2016).',
  params: {},
  summary: () => 'x · Φ(x)',
  lower: (_params, context) => lowerActivation(context, 'gelu'),
});
