import { defineNode } from './defineNode.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import { channelsOf, inputAt } from './shapeRules.ts';
import { TRAIN_PARAMS, trainingOf } from './trainParams.ts';
import { message } from '../words/message.ts';

/** `max(x, slope * x)` for slopes up to 1, with a trained slope: one per channel, `[C]`, or one for all, `[1]`. */
export const prelu = defineNode({
  ...ELEMENTWISE,
  kind: 'prelu',
  title: 'PReLU',
  help: 'As LeakyReLU, but the slope for negative values is trained (He et al. 2015).',
  params: {
    shared: {
      type: 'boolean',
      default: false,
      label: 'One slope for all channels',
      help: 'On: a single trained slope, PyTorch’s default. Off: one per channel, as in the paper. Default off.',
    },
    initial: {
      type: 'number',
      default: 0.25,
      min: -10,
      max: 10,
      label: 'First slope',
      help: 'Slope for negative values before training, no unit. Default 0.25, as the paper and PyTorch; Keras takes 0.',
    },
    ...TRAIN_PARAMS,
  },
  summary: ({ shared }) => [message(shared ? 'summary.oneSlope' : 'summary.channelSlopes')],
  parameters: ({ shared, initial, ...training }, inputs) => [
    {
      field: 'weights',
      dims: [shared ? 1 : channelsOf(inputAt(inputs))],
      init: { kind: 'constant', value: initial },
      ...trainingOf(training),
      // Weight decay would pull the slope to 0 and turn the block into a ReLU: section 2.1 of the paper.
      decayed: false,
    },
  ],
  lower(_params, context) {
    const dst = outputTensor(context);
    context.emit({
      op: 'preluForward',
      src: tensorAt(context),
      weights: context.parameter('weights'),
      dst,
    });
    return dst;
  },
});
