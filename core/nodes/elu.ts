import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';

/** `x > 0 ? x : alpha * (exp(x) - 1)`, element-wise. */
export const elu = defineNode({
  ...ELEMENTWISE,
  kind: 'elu',
  title: 'ELU',
  help: 'As ReLU, but negative values bend smoothly towards −alpha: alpha · (eˣ − 1) (Clevert et al. 2015).',
  params: {
    alpha: {
      type: 'number',
      default: 1,
      min: 0,
      max: 100,
      label: 'Alpha',
      help: 'Limit for very negative values is −alpha, no unit. Default 1, as PyTorch and Keras.',
    },
  },
  summary: ({ alpha }) => [`alpha ${alpha}`],
  lower: ({ alpha }, context) => lowerActivation(context, 'elu', alpha),
});
