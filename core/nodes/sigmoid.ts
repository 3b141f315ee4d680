import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';

/** `1 / (1 + exp(-x))`, element-wise. */
export const sigmoid = defineNode({
  ...ELEMENTWISE,
  kind: 'sigmoid',
  title: 'Sigmoid',
  help: 'Squeezes values into 0 to 1: 1 / (1 + e⁻ˣ). Large inputs saturate, and gradients fade.',
  shortcut: 's',
  params: {},
  summary: () => ['1 / (1 + e⁻ˣ)'],
  lower: (_params, context) => lowerActivation(context, 'sigmoid'),
});
