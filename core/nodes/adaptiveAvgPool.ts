import { elementCount, sameShape } from '../program/shape.ts';
import { defineNode, STATELESS } from './defineNode.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import { asPicture as asImage, inputAt, needsImage, shapeBad, shapeOk } from './shapeRules.ts';

const size = { type: 'int', default: 1, min: 1, max: 1024 } as const;

const PARAMS = {
  height: {
    ...size,
    label: 'Height',
    help: 'Height of the output in pixels. Default 1, the mean over all rows; VGG takes 7.',
  },
  width: {
    ...size,
    label: 'Width',
    help: 'Width of the output in pixels. Default 1, the mean over all columns; VGG takes 7.',
  },
} as const;

/** Mean of windows that cover the image: `[C, H, W]` to `[C, height, width]`. */
export const adaptiveAvgPool = defineNode<typeof PARAMS>({
  ...STATELESS,
  kind: 'adaptiveAvgPool',
  family: 'pooling',
  title: 'AdaptiveAvgPool',
  help: 'Divides the image into as many windows as the output has pixels and takes the mean of each, channel by channel. Windows overlap where the sizes do not divide, as PyTorch’s AdaptiveAvgPool2d.',
  params: PARAMS,
  summary: ({ height, width }) => [`${height} × ${width}`],
  inferShape({ height, width }, inputs) {
    const image = asImage(inputAt(inputs));
    return image ? shapeOk([image.channels, height, width]) : shapeBad(needsImage(inputAt(inputs)));
  },
  flops: (_params, inputs, output) => Math.max(elementCount(inputAt(inputs)), elementCount(output)),
  lower(_params, context) {
    const src = tensorAt(context);
    if (sameShape(inputAt(shapesOf(context)), context.outputShape)) return src;
    const dst = outputTensor(context);
    context.emit({ op: 'adaptiveAveragePoolForward', src, dst });
    return dst;
  },
});
