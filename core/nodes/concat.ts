import { formatShape, sameShape, type Shape } from '../program/shape.ts';
import { defineNode } from './defineNode.ts';
import type { ShapeProblem } from './definition.ts';
import { outputTensor } from './lowering.ts';
import { MERGE } from './merge.ts';
import { channelsOf, inputAt, shapeBad, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

function mismatch(first: Shape, shape: Shape, index: number): ShapeProblem[] {
  if (sameShape(first.slice(1), shape.slice(1))) return [];
  const port = `in${index + 1}`;
  return [
    {
      code: first.length === shape.length ? 'shape-mismatch' : 'shape-rank',
      port,
      problem: message('blocks.joinsUnequal', { first: formatShape(first), shape: formatShape(shape), port }),
      hint: message('blocks.joinsUnequalHint'),
    },
  ];
}

/** Concatenation along the channels (or features). */
export const concat = defineNode({
  ...MERGE,
  kind: 'concat',
  title: 'Concat',
  help: 'Joins its inputs one after the other along the channels. Images must have the same height and width.',
  inferShape(_params, inputs) {
    const first = inputAt(inputs);
    const problems = inputs.flatMap((shape, index) => mismatch(first, shape, index));
    if (problems.length > 0) return shapeBad(...problems);
    const channels = inputs.reduce((sum, shape) => sum + channelsOf(shape), 0);
    return shapeOk([channels, ...first.slice(1)]);
  },
  flops: () => 0,
  lower(_params, context) {
    const dst = outputTensor(context);
    context.emit({ op: 'concatForward', srcs: context.inputs.map((entry) => entry.tensor), dst });
    return dst;
  },
});
