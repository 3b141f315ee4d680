import { defineNode } from './defineNode.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import { POOL_PARAMS, POOLING, poolWindow } from './pooling.ts';
import { imageAt } from './shapeRules.ts';
import { placeWindow } from './window.ts';

const PARAMS = {
  ...POOL_PARAMS,
  countPadding: {
    type: 'boolean',
    default: false,
    label: 'Count padding',
    help: 'Divides by all pixels of the window, padding counted as zeros (PyTorch’s count_include_pad=True, its default); off divides by those inside the image, as Keras and ONNX. Default off.',
  },
} as const;

/** Mean of each window: `[C, H, W]` to `[C, H', W']`. */
export const avgPool = defineNode<typeof PARAMS>({
  ...POOLING,
  kind: 'avgPool',
  title: 'AvgPool',
  help: 'Takes the mean of each window, channel by channel. Padding does not count unless Count padding is on.',
  params: PARAMS,
  lower(params, context) {
    const { window } = placeWindow(poolWindow(params), imageAt(shapesOf(context)));
    const dst = outputTensor(context);
    context.emit({
      op: 'averagePoolForward',
      src: tensorAt(context),
      dst,
      ...window,
      countPadding: params.countPadding,
    });
    return dst;
  },
});
