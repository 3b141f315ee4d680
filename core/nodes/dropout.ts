import { elementCount } from '../program/shape.ts';
import { defineNode, STATELESS } from './defineNode.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import { inputAt, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

/** Inverted dropout in training; the identity otherwise. */
export const dropout = defineNode({
  ...STATELESS,
  kind: 'dropout',
  family: 'regularization',
  title: 'Dropout',
  help: 'While training, sets a random share of the values to 0 and scales up the rest; at other times it does nothing (Srivastava et al. 2014).',
  shortcut: 'o',
  params: {
    rate: {
      type: 'number',
      default: 0.5,
      min: 0,
      max: 0.99,
      label: 'Rate',
      help: 'Share of values set to 0, from 0 to 0.99. Default 0.5, as PyTorch.',
    },
  },
  summary: ({ rate }) => [message('summary.rate', { rate })],
  inferShape: (_params, inputs) => shapeOk(inputAt(inputs)),
  flops: (_params, _inputs, output) => elementCount(output),
  lower({ rate }, context) {
    const src = tensorAt(context);
    if (context.mode !== 'train' || rate === 0) return src;
    const dst = outputTensor(context);
    context.emit({ op: 'dropout', src, dst, rate, salt: context.salt });
    return dst;
  },
});
