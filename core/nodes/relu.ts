import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';

/** `max(0, x)`, element-wise. */
export const relu = defineNode({
  ...ELEMENTWISE,
  kind: 'relu',
  title: 'ReLU',
  help: 'Keeps positive values and sets negative ones to 0: max(0, x).',
  shortcut: 'r',
  params: {},
  summary: () => ['max(0, x)'],
  lower: (_params, context) => lowerActivation(context, 'relu'),
});
