import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';

/** `x * sigmoid(x)`, element-wise. */
export const silu = defineNode({
  ...ELEMENTWISE,
  kind: 'silu',
  title: 'SiLU',
  help: 'x · sigmoid(x), also called Swish (Ramachandran et al. 2017).',
  params: {},
  summary: () => ['x · σ(x)'],
  lower: (_params, context) => lowerActivation(context, 'silu'),
});
