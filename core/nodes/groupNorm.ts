import { elementCount } from '../program/shape.ts';
import { defineNode } from './defineNode.ts';
import {
  AFFINE_PARAMS,
  affineParameters,
  lowerSampleNorm,
  nothingToNormalize,
  SAMPLE_NORM,
} from './sampleNorm.ts';
import { channelsOf, inputAt, shapeBad, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

/** Normalizes each group of channels of each sample separately; gamma and beta `[C]`. */
export const groupNorm = defineNode({
  ...SAMPLE_NORM,
  kind: 'groupNorm',
  idStem: 'gn',
  title: 'GroupNorm',
  help: 'Normalizes each group of neighbouring channels of a sample to mean 0 and variance 1, then scales by gamma and shifts by beta (Wu and He 2018). Independent of the batch: it does the same in training and evaluation, at any batch size.',
  params: {
    groups: {
      type: 'int',
      default: 8,
      min: 1,
      max: 65_536,
      label: 'Groups',
      help: 'Number of groups; must divide the channels. With 1 it is a LayerNorm with one gamma and beta per channel, with as many as channels an InstanceNorm. Default 8, which divides the widths of the built-in networks; Wu and He take 32 for 64 channels and more.',
    },
    ...AFFINE_PARAMS,
  },
  summary: ({ groups }) => [message('summary.normGroups', { count: groups })],
  inferShape({ groups }, inputs) {
    const shape = inputAt(inputs);
    const channels = channelsOf(shape);
    if (channels % groups !== 0) {
      return shapeBad({
        code: 'shape-mismatch',
        param: 'groups',
        problem: message('blocks.groupsOfChannels', { groups, channels }),
        hint: message('blocks.groupsOfChannelsHint', { channels }),
      });
    }
    if (elementCount(shape) > groups) return shapeOk(shape);
    return shapeBad({
      ...nothingToNormalize(message('blocks.oneValueInGroup'), message('blocks.oneValueInGroupHint')),
      param: 'groups',
    });
  },
  parameters: (params, inputs) => affineParameters(params, [channelsOf(inputAt(inputs))]),
  lower: (params, context) => lowerSampleNorm(context, params, { over: 'groups', groups: params.groups }),
});
