import type { TensorId } from '../program/tensor.ts';
import { elementCount, formatShape, sameShape, type Shape } from '../program/shape.ts';
import { defineNode } from './defineNode.ts';
import type { LoweringContext, ShapeProblem } from './definition.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import { MERGE } from './merge.ts';
import { inputAt, shapeBad, shapeOk } from './shapeRules.ts';
import { message } from '../words/message.ts';

/** Broadcast shape of an input: a vector beside an image has one value per channel, so `[C]` counts as `[C, 1, 1]`. */
function seenAs(shape: Shape, rank: number): Shape {
  return shape.length < rank ? [...shape, 1, 1] : shape;
}

/** The product's shape: the larger size along each axis. */
function wholeOf(shapes: readonly Shape[]): Shape {
  return inputAt(shapes).map((_, axis) => Math.max(...shapes.map((shape) => shape[axis] ?? 1)));
}

/** Whether `shape` broadcasts to `whole`: one channel or all of them, one pixel or all of them. */
function fits(shape: Shape, whole: Shape): boolean {
  const [channels, ...pixels] = shape;
  const [allChannels, ...allPixels] = whole;
  return (
    (channels === allChannels || channels === 1) &&
    (sameShape(pixels, allPixels) || elementCount(pixels) === 1)
  );
}

function mismatch(shape: Shape, whole: Shape, index: number): ShapeProblem {
  const [channels, ...pixels] = whole;
  const values = { whole: formatShape(whole) };
  const gates = {
    ofChannels: formatShape([channels ?? 1, 1, 1]),
    channels: channels ?? 1,
    ofPixels: formatShape([1, ...pixels]),
  };
  return {
    code: 'shape-mismatch',
    port: `in${index + 1}`,
    problem: message('blocks.multipliesUnequal', {
      ...{ ...values, shape: formatShape(shape), port: `in${index + 1}` },
    }),
    hint:
      pixels.length === 0
        ? message('blocks.multipliesVectors', values)
        : message('blocks.multipliesImages', { ...values, ...gates }),
  };
}

/** The tensor at a port; a vector beside an image is reshaped to `[C, 1, 1]`. */
function factorAt(context: LoweringContext, index: number): TensorId {
  const [tensor, shape] = [tensorAt(context, index), inputAt(shapesOf(context), index)];
  const seen = seenAs(shape, context.outputShape.length);
  if (sameShape(shape, seen)) return tensor;
  const dst = context.activation(`gate${index + 1}`, seen);
  context.emit({ op: 'reshape', src: tensor, dst });
  return dst;
}

/** Element-wise product of all inputs; gates are broadcast. */
export const multiply = defineNode({
  ...MERGE,
  kind: 'multiply',
  title: 'Multiply',
  help: 'Multiplies its inputs value by value. A gate with one value per channel (C × 1 × 1, or a vector of C) or per pixel (1 × H × W) is broadcast, as in squeeze-and-excitation (Hu et al. 2018).',
  inferShape(_params, inputs) {
    const rank = Math.max(...inputs.map((shape) => shape.length));
    const shapes = inputs.map((shape) => seenAs(shape, rank));
    const whole = wholeOf(shapes);
    const problems = shapes.flatMap((shape, index) =>
      fits(shape, whole) ? [] : [mismatch(inputAt(inputs, index), whole, index)],
    );
    return problems.length > 0 ? shapeBad(...problems) : shapeOk(whole);
  },
  flops: ({ inputs }, _shapes, output) => elementCount(output) * (inputs - 1),
  lower(_params, context) {
    const srcs = context.inputs.map((_, index) => factorAt(context, index));
    const dst = outputTensor(context);
    context.emit({ op: 'multiplyForward', srcs, dst });
    return dst;
  },
});
