import { defineNode } from './defineNode.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import { POOLING, poolWindow } from './pooling.ts';
import { pictureAt } from './shapeRules.ts';
import { placeWindow } from './window.ts';

/** Mean of each window, padding left out of the count: `[C, H, W]` to `[C, H', W']`. */
export const avgPool = defineNode({
  ...POOLING,
  kind: 'avgPool',
  title: 'AvgPool',
  help: 'Takes the mean of each window, channel by channel. Padding does not count (PyTorch’s count_include_pad=False, as Keras).',
  lower(params, context) {
    const { window } = placeWindow(poolWindow(params), pictureAt(shapesOf(context)));
    const dst = outputTensor(context);
    context.emit({ op: 'averagePoolForward', src: tensorAt(context), dst, ...window });
    return dst;
  },
});
