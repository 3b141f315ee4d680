import { elementCount, formatShape, sameShape, type Shape } from '../program/shape.ts';
import { defineNode, STATELESS } from './defineNode.ts';
import type { ShapeProblem, ShapeResult } from './definition.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import type { ParamsOf } from './paramSpec.ts';
import { inputAt, shapeBad, shapeOk } from './shapeRules.ts';
import { labelOf } from './terms.ts';
import { message } from '../words/message.ts';

const size = { type: 'int', min: -1, max: 1_048_576 } as const;
const ofImage = { visibleWhen: { param: 'to', is: 'picture' } } as const;

const PARAMS = {
  to: {
    type: 'choice',
    default: 'picture',
    options: [
      { value: 'picture', label: 'Image, C × H × W' },
      { value: 'vector', label: 'Vector, F' },
    ],
    label: 'Shape',
    help: 'Whether the output is an image or a vector. Default image.',
  },
  channels: {
    ...size,
    ...ofImage,
    default: -1,
    label: 'Channels',
    help: 'Channels of the output; −1 infers it from the other sizes. One size may be −1. Default −1: with height and width 1, a vector becomes a gate for Multiply.',
  },
  height: {
    ...size,
    ...ofImage,
    default: 1,
    label: 'Height',
    help: 'Height of the output in pixels; −1 infers it from the other sizes. Default 1.',
  },
  width: {
    ...size,
    ...ofImage,
    default: 1,
    label: 'Width',
    help: 'Width of the output in pixels; −1 infers it from the other sizes. Default 1.',
  },
  features: {
    ...size,
    default: -1,
    label: 'Features',
    help: 'Values of the vector; −1 takes all there are. Default −1, as Flatten.',
    visibleWhen: { param: 'to', is: 'vector' },
  },
} as const;
type ReshapeParams = ParamsOf<typeof PARAMS>;
type SizeName = 'channels' | 'height' | 'width' | 'features';

function sizeNames({ to }: ReshapeParams): readonly SizeName[] {
  return to === 'vector' ? ['features'] : ['channels', 'height', 'width'];
}

function sizeProblems(params: ReshapeParams): ShapeProblem[] {
  const names = sizeNames(params);
  const open = names.filter((name) => params[name] === -1);
  const zeros = names
    .filter((name) => params[name] === 0)
    .map((param) => ({
      ...({ code: 'param-range', param } as const),
      problem: message('blocks.sizeZero', { label: labelOf('reshape', param, PARAMS[param]) }),
      hint: message('blocks.sizeZeroHint'),
    }));
  const second = open[1];
  if (second === undefined) return zeros;
  const problem = message('blocks.sizesOpen', { open: open.length });
  return [...zeros, { code: 'param-range', param: second, problem, hint: message('blocks.sizesOpenHint') }];
}

function targetShape(params: ReshapeParams, from: Shape): ShapeResult {
  const sizes = sizeNames(params).map((name) => params[name]);
  const known = elementCount(sizes.filter((each) => each !== -1));
  const count = elementCount(from);
  const filled = sizes.map((each) => (each === -1 ? count / known : each));
  if (filled.every(Number.isInteger) && elementCount(filled) === count) return shapeOk(filled);
  const target = sizes.map((each) => (each === -1 ? '?' : String(each))).join(' × ');
  return shapeBad({
    code: 'shape-mismatch',
    port: 'in',
    problem: message('blocks.cannotReshape', { values: count, from: formatShape(from), target }),
    hint: message(sizes.includes(-1) ? 'blocks.sizesDivide' : 'blocks.sizesMultiply', { values: count }),
  });
}

/** The same values in the same order with another shape. */
export const reshape = defineNode<typeof PARAMS>({
  ...STATELESS,
  kind: 'reshape',
  family: 'shape',
  title: 'Reshape',
  help: 'Gives the same values another shape, channel by channel and row by row, as PyTorch’s reshape.',
  params: PARAMS,
  summary: (params) => {
    const sizes = sizeNames(params).map((name) => (params[name] === -1 ? '?' : String(params[name])));
    return [message('summary.to', { shape: sizes.join(' × ') })];
  },
  inferShape(params, inputs) {
    const problems = sizeProblems(params);
    return problems.length > 0 ? shapeBad(...problems) : targetShape(params, inputAt(inputs));
  },
  flops: () => 0,
  lower(_params, context) {
    const src = tensorAt(context);
    if (sameShape(inputAt(shapesOf(context)), context.outputShape)) return src;
    const dst = outputTensor(context);
    context.emit({ op: 'reshape', src, dst });
    return dst;
  },
});
