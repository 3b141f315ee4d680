import { elementCount, formatShape, sameShape } from '../program/shape.ts';
import { defineNode } from './defineNode.ts';
import type { ShapeProblem } from './definition.ts';
import { outputTensor } from './lowering.ts';
import { MERGE } from './merge.ts';
import { inputAt, shapeBad, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

/** Sum of all inputs, which have the same shape. */
export const add = defineNode({
  ...MERGE,
  kind: 'add',
  title: 'Add',
  help: 'Adds its inputs value by value, as the shortcuts of a ResNet do. All inputs must have the same shape.',
  shortcut: 'a',
  inferShape(_params, inputs) {
    const first = inputAt(inputs);
    const problems = inputs.flatMap((shape, index): ShapeProblem[] => {
      if (sameShape(shape, first)) return [];
      return [
        {
          code: 'shape-mismatch',
          port: `in${index + 1}`,
          problem: message('blocks.addsUnequal', {
            ...{ first: formatShape(first), shape: formatShape(shape), port: `in${index + 1}` },
          }),
          hint: message('blocks.addsUnequalHint'),
        },
      ];
    });
    return problems.length > 0 ? shapeBad(...problems) : shapeOk(first);
  },
  flops: ({ inputs }, _shapes, output) => elementCount(output) * (inputs - 1),
  lower(_params, context) {
    const dst = outputTensor(context);
    context.emit({ op: 'sum', srcs: context.inputs.map((entry) => entry.tensor), dst });
    return dst;
  },
});
