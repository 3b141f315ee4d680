import { defineNode } from './defineNode.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import { POOLING, poolWindow } from './pooling.ts';
import { imageAt } from './shapeRules.ts';
import { placeWindow } from './window.ts';

/** Maximum of each window: `[C, H, W]` to `[C, H', W']`. */
export const maxPool = defineNode({
  ...POOLING,
  kind: 'maxPool',
  idStem: 'pool',
  title: 'MaxPool',
  help: 'Keeps the largest value of each window, channel by channel.',
  shortcut: 'm',
  lower(params, context) {
    const { window } = placeWindow(poolWindow(params), imageAt(shapesOf(context)));
    const dst = outputTensor(context);
    const indices = context.saved('indices', context.outputShape);
    context.emit({ op: 'maxPoolForward', src: tensorAt(context), dst, indices, ...window });
    return dst;
  },
});
