import { elementCount } from '../program/shape.ts';
import { defineNode, STATELESS } from './defineNode.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import { asPicture as asImage, inputAt, needsImage, shapeBad, shapeOk } from './shapeRules.ts';

/** Mean over height and width: `[C, H, W]` to `[C]`. */
export const globalAvgPool = defineNode({
  ...STATELESS,
  kind: 'globalAvgPool',
  idStem: 'gap',
  family: 'pooling',
  title: 'GlobalAvgPool',
  help: 'Takes the mean of each channel over all pixels: an image becomes a vector with one number for each channel (Lin et al. 2013).',
  shortcut: 'g',
  params: {},
  summary: () => ['C × H × W → C'],
  inferShape(_params, inputs) {
    const image = asImage(inputAt(inputs));
    return image ? shapeOk([image.channels]) : shapeBad(needsImage(inputAt(inputs)));
  },
  flops: (_params, inputs) => elementCount(inputAt(inputs)),
  lower(_params, context) {
    const dst = outputTensor(context);
    context.emit({ op: 'globalAveragePoolForward', src: tensorAt(context), dst });
    return dst;
  },
});
