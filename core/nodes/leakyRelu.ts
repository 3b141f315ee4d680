import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';

/** `max(x, alpha * x)`, element-wise. */
export const leakyRelu = defineNode({
  ...ELEMENTWISE,
  kind: 'leakyRelu',
  title: 'LeakyReLU',
  help: 'As ReLU, but negative values are multiplied by alpha instead of cut (Maas et al. 2013).',
  params: {
    alpha: {
      type: 'number',
      default: 0.01,
      min: 0,
      max: 1,
      label: 'Alpha',
      help: 'Slope for negative values, no unit. Default 0.01, as PyTorch (Keras takes 0.3).',
    },
  },
  summary: ({ alpha }) => [`alpha ${alpha}`],
  lower: ({ alpha }, context) => lowerActivation(context, 'leakyRelu', alpha),
});
