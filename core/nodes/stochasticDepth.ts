import { elementCount } from '../program/shape.ts';
import { defineNode, STATELESS } from './defineNode.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import { inputAt, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

/**
 * Inverted dropout of whole samples in training; the identity otherwise, and where nothing before it trains: it
 * regularizes the weights of its branch.
 */
export const stochasticDepth = defineNode({
  ...STATELESS,
  kind: 'stochasticDepth',
  family: 'regularization',
  title: 'StochasticDepth',
  help: 'While training, sets the whole branch to 0 for a random share of the samples and scales up the others; at other times it does nothing (Huang et al. 2016; StochasticDepth of torchvision with mode “row”). Before the Add of a residual block, it skips the block for these samples. Where no weight before it trains, it does nothing: features of a frozen trunk stay the same.',
  params: {
    rate: {
      type: 'number',
      default: 0.2,
      min: 0,
      max: 0.99,
      label: 'Rate',
      help: 'Share of samples whose branch is set to 0, from 0 to 0.99. Default 0.2, that of the last block of EfficientNet; earlier blocks take proportionally less.',
    },
  },
  summary: ({ rate }) => [message('summary.rate', { rate })],
  inferShape: (_params, inputs) => shapeOk(inputAt(inputs)),
  flops: (_params, _inputs, output) => elementCount(output),
  lower({ rate }, context) {
    const src = tensorAt(context);
    if (context.mode !== 'train' || rate === 0 || !context.trainsBefore) return src;
    const dst = outputTensor(context);
    context.emit({ op: 'sampleDropout', src, dst, rate, salt: context.salt });
    return dst;
  },
});
