import { elementCount } from '../program/shape.ts';
import { defineNode } from './defineNode.ts';
import { ELEMENTWISE } from './elementwise.ts';
import { outputTensor, tensorAt } from './lowering.ts';
import { message } from '../words/message.ts';

/** Softmax over the channels at each pixel, or over a vector. */
export const softmax = defineNode({
  ...ELEMENTWISE,
  kind: 'softmax',
  title: 'Softmax',
  help: 'Turns the channels at each pixel, or the values of a vector, into positive shares that add up to 1: eˣ / Σ eˣ. For attention and gates inside a network; the Output applies softmax itself.',
  params: {},
  summary: () => [message('summary.overChannels')],
  flops: (_params, _inputs, output) => 4 * elementCount(output),
  lower(_params, context) {
    const dst = outputTensor(context);
    context.emit({ op: 'softmaxForward', src: tensorAt(context), dst });
    return dst;
  },
});
