import { elementCount } from '../program/shape.ts';
import { defineNode, STATELESS } from './defineNode.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import { inputAt, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

/** `[C, H, W]` to `[C * H * W]`, in that order; a vector stays as it is. */
export const flatten = defineNode({
  ...STATELESS,
  kind: 'flatten',
  family: 'shape',
  title: 'Flatten',
  help: 'Lays all values of an image in one vector, channel by channel and row by row, as PyTorch does.',
  shortcut: 'l',
  params: {},
  summary: () => [message('summary.toVector')],
  inferShape: (_params, inputs) => shapeOk([elementCount(inputAt(inputs))]),
  flops: () => 0,
  lower(_params, context) {
    const src = tensorAt(context);
    if (inputAt(shapesOf(context)).length === 1) return src;
    const dst = outputTensor(context);
    context.emit({ op: 'reshape', src, dst });
    return dst;
  },
});
