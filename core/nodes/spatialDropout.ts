import { elementCount } from '../program/shape.ts';
import { defineNode, STATELESS } from './defineNode.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import { inputAt, needsImage, shapeBad, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

/** Inverted dropout of whole channels in training; the identity otherwise. */
export const spatialDropout = defineNode({
  ...STATELESS,
  kind: 'spatialDropout',
  family: 'regularization',
  title: 'SpatialDropout',
  help: 'While training, sets a random share of the channels to 0, each as a whole, and scales up the rest; at other times it does nothing (Tompson et al. 2015; Dropout2d of PyTorch). Neighbouring pixels are strongly correlated, so dropping single pixels has little effect.',
  params: {
    rate: {
      type: 'number',
      default: 0.2,
      min: 0,
      max: 0.99,
      label: 'Rate',
      help: 'Share of channels set to 0, from 0 to 0.99. Default 0.2; PyTorch’s is 0.5, which is much between convolutions.',
    },
  },
  summary: ({ rate }) => [message('summary.rate', { rate })],
  inferShape(_params, inputs) {
    const shape = inputAt(inputs);
    if (shape.length === 3) return shapeOk(shape);
    return shapeBad({
      ...needsImage(shape),
      hint: message('blocks.needsChannelsHint'),
    });
  },
  flops: (_params, _inputs, output) => elementCount(output),
  lower({ rate }, context) {
    const src = tensorAt(context);
    if (context.mode !== 'train' || rate === 0) return src;
    const dst = outputTensor(context);
    context.emit({ op: 'channelDropout', src, dst, rate, salt: context.salt });
    return dst;
  },
});
