import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';

/** `clamp(x / 6 + 1/2, 0, 1)`, element-wise. */
export const hardSigmoid = defineNode({
  ...ELEMENTWISE,
  kind: 'hardSigmoid',
  title: 'HardSigmoid',
  help: 'Cheap form of Sigmoid made of straight lines: x / 6 + 1/2, cut to 0 to 1, as PyTorch and Keras 3 (Keras 2 took 0.2x + 0.5). Gates of MobileNetV3 (Howard et al. 2019).',
  params: {},
  summary: () => ['clamp(x / 6 + 1/2, 0, 1)'],
  lower: (_params, context) => lowerActivation(context, 'hardSigmoid'),
});
