import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';

/** `min(max(0, x), 6)`, element-wise. */
export const relu6 = defineNode({
  ...ELEMENTWISE,
  kind: 'relu6',
  title: 'ReLU6',
  help: 'As ReLU, but values above 6 become 6: min(max(0, x), 6) (Sandler et al. 2018, MobileNetV2).',
  params: {},
  summary: () => ['min(max(0, x), 6)'],
  lower: (_params, context) => lowerActivation(context, 'relu6'),
});
