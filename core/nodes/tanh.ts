import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';

/** `tanh(x)`, element-wise. */
export const tanh = defineNode({
  ...ELEMENTWISE,
  kind: 'tanh',
  title: 'Tanh',
  help: 'Squeezes values into −1 to 1. Large inputs saturate, and gradients fade.',
  shortcut: 't',
  params: {},
  summary: () => ['−1 … 1'],
  lower: (_params, context) => lowerActivation(context, 'tanh'),
});
