import { defineNode } from './defineNode.ts';
import { shapesOf } from './lowering.ts';
import {
  AFFINE_PARAMS,
  affineParameters,
  lowerSampleNorm,
  nothingToNormalize,
  SAMPLE_NORM,
} from './sampleNorm.ts';
import { channelsOf, inputAt, needsImage, shapeBad, shapeOk, valuesPerChannel } from './shapeRules.ts';
import { message } from '../words/message.ts';

/** Normalizes each channel of each sample separately, over its pixels; gamma and beta `[C]`. */
export const instanceNorm = defineNode({
  ...SAMPLE_NORM,
  kind: 'instanceNorm',
  idStem: 'inorm',
  title: 'InstanceNorm',
  help: 'Normalizes each channel of each sample to mean 0 and variance 1 over its pixels, then scales by gamma and shifts by beta (Ulyanov et al. 2016). Removes brightness and contrast from every image. Independent of the batch.',
  params: AFFINE_PARAMS,
  summary: ({ gamma, beta }) =>
    gamma || beta
      ? [message('summary.eachChannel')]
      : [message('summary.eachChannel'), message('summary.noGammaBeta')],
  inferShape(_params, inputs) {
    const shape = inputAt(inputs);
    if (shape.length !== 3) return shapeBad(needsImage(shape));
    if (valuesPerChannel(shape) > 1) return shapeOk(shape);
    const hint = message('blocks.oneValueInChannelHint');
    return shapeBad(nothingToNormalize(message('blocks.oneValueInChannel'), hint));
  },
  parameters: (params, inputs) => affineParameters(params, [channelsOf(inputAt(inputs))]),
  lower: (params, context) =>
    lowerSampleNorm(context, params, { over: 'groups', groups: channelsOf(inputAt(shapesOf(context))) }),
});
