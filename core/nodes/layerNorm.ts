import { elementCount } from '../program/shape.ts';
import { defineNode } from './defineNode.ts';
import type { ParamsOf } from './paramSpec.ts';
import {
  AFFINE_PARAMS,
  affineParameters,
  lowerSampleNorm,
  nothingToNormalize,
  SAMPLE_NORM,
} from './sampleNorm.ts';
import { channelsOf, inputAt, shapeBad, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

const PARAMS = {
  over: {
    type: 'choice',
    default: 'wholeSample',
    options: [
      {
        value: 'wholeSample',
        label: 'Whole sample',
        help: 'All channels and pixels of a sample together: nn.LayerNorm([C, H, W]) of PyTorch.',
      },
      {
        value: 'eachPixel',
        label: 'Channels at each pixel',
        help: 'Every pixel by itself, with one gamma and beta per channel: LayerNormalization(axis=-1) of Keras, LayerNorm2d of ConvNeXt.',
      },
    ],
    label: 'Over',
    help: 'Which values share a mean and a variance; for a vector both mean all of it. Default the whole sample, as Ba et al. 2016.',
  },
  affine: {
    type: 'choice',
    default: 'eachValue',
    options: [
      { value: 'eachValue', label: 'Each value (PyTorch)' },
      { value: 'eachChannel', label: 'Each channel' },
    ],
    label: 'Gamma and beta of',
    help: 'Whether every value of a sample has a gamma and beta of its own, as nn.LayerNorm([C, H, W]), or only every channel, as BatchNorm and as GroupNorm of one group. Default each value, as PyTorch.',
    visibleWhen: { param: 'over', is: 'wholeSample' },
  },
  ...AFFINE_PARAMS,
} as const;
type LayerNormParams = ParamsOf<typeof PARAMS>;

function affineDims({ over, affine }: LayerNormParams, shape: readonly number[]): readonly number[] {
  return over === 'wholeSample' && affine === 'eachValue' ? shape : [channelsOf(shape)];
}

/** Normalizes each sample separately; gamma and beta `[C, H, W]`, `[F]` or `[C]`. */
export const layerNorm = defineNode({
  ...SAMPLE_NORM,
  kind: 'layerNorm',
  idStem: 'ln',
  title: 'LayerNorm',
  help: 'Normalizes each sample to mean 0 and variance 1 by itself, then scales by gamma and shifts by beta (Ba et al. 2016). Independent of the batch: it does the same in training and evaluation, at any batch size.',
  params: PARAMS,
  summary: ({ over }) => [message(over === 'wholeSample' ? 'summary.wholeSample' : 'summary.eachPixel')],
  inferShape({ over }, inputs) {
    const shape = inputAt(inputs);
    const values = over === 'wholeSample' ? elementCount(shape) : channelsOf(shape);
    if (values > 1) return shapeOk(shape);
    const problem = message(over === 'wholeSample' ? 'blocks.oneValueInSample' : 'blocks.oneValueAtPixel');
    return shapeBad(nothingToNormalize(problem, message('blocks.moreChannelsHint')));
  },
  parameters: (params, inputs) => affineParameters(params, affineDims(params, inputAt(inputs))),
  lower: (params, context) =>
    lowerSampleNorm(context, params, {
      over: params.over === 'wholeSample' ? 'groups' : 'pixel',
      groups: 1,
    }),
});
