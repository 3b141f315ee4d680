import { defineNode } from './defineNode.ts';
import { ELEMENTWISE, lowerActivation } from './elementwise.ts';

/** `x * clamp(x + 3, 0, 6) / 6`, element-wise. */
export const hardSwish = defineNode({
  ...ELEMENTWISE,
  kind: 'hardSwish',
  title: 'HardSwish',
  help: 'Cheap form of SiLU made of straight lines: x · min(max(x + 3, 0), 6) / 6 (Howard et al. 2019, MobileNetV3).',
  params: {},
  summary: () => ['x · clamp(x + 3, 0, 6) / 6'],
  lower: (_params, context) => lowerActivation(context, 'hardSwish'),
});
