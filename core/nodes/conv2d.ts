import { elementCount } from '../program/shape.ts';
import { defineNode, ONE_INPUT, ONE_OUTPUT } from './defineNode.ts';
import type { ShapeProblem } from './definition.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import type { ParamsOf } from './paramSpec.ts';
import { asPicture as asImage, inputAt, needsImage, imageAt, shapeBad, shapeOk } from './shapeRules.ts';
import { WEIGHT_PARAMS, weightParameters } from './weights.ts';
import {
  formatKernel,
  kernelProblem,
  PADDING_OPTIONS,
  placeWindow,
  sidesOf,
  type WindowSettings,
} from './window.ts';
import { message, type MessageValue } from '../words/message.ts';

/** Parameters of Conv2D; ConvTranspose2D reuses most of them. */
export const CONV_PARAMS = {
  filters: {
    type: 'int',
    default: 32,
    min: 1,
    max: 65_536,
    label: 'Filters',
    help: 'Number of output channels. Default 32, the first width of the built-in networks.',
  },
  kernel: {
    type: 'int',
    default: 3,
    min: 1,
    max: 255,
    label: 'Kernel',
    help: 'Height of the kernel in pixels, and its width unless it is rectangular. Default 3, as VGG and ResNet.',
  },
  rectangular: {
    type: 'boolean',
    default: false,
    label: 'Rectangular',
    help: 'Gives the kernel a width of its own. Default off.',
  },
  kernelX: {
    type: 'int',
    default: 3,
    min: 1,
    max: 255,
    label: 'Kernel width',
    help: 'Width of a rectangular kernel in pixels. Default 3.',
    visibleWhen: { param: 'rectangular', is: true },
  },
  stride: {
    type: 'int',
    default: 1,
    min: 1,
    max: 255,
    label: 'Stride',
    help: 'Pixels from one position of the kernel to the next, in both directions; 2 halves height and width. Default 1, as PyTorch and Keras.',
  },
  padding: {
    type: 'choice',
    default: 'same',
    options: PADDING_OPTIONS,
    label: 'Padding',
    help: 'Zeros around the image. Same: output size is input size divided by the stride, rounded up; an odd pixel goes to the bottom and right, as TensorFlow. Valid: none. Explicit: as many pixels as given, as PyTorch. Default same.',
  },
  padY: {
    type: 'int',
    default: 1,
    min: 0,
    max: 255,
    label: 'Padding top and bottom',
    help: 'Rows of zeros above and below. Default 1: PyTorch’s padding=1.',
    visibleWhen: { param: 'padding', is: 'explicit' },
  },
  padX: {
    type: 'int',
    default: 1,
    min: 0,
    max: 255,
    label: 'Padding left and right',
    help: 'Columns of zeros on the left and the right. Default 1: PyTorch’s padding=1.',
    visibleWhen: { param: 'padding', is: 'explicit' },
  },
  asymmetric: {
    type: 'boolean',
    default: false,
    label: 'Asymmetric',
    help: 'Gives the bottom and the right a padding of their own; the two numbers above then count for the top and the left alone. Default off.',
    visibleWhen: { param: 'padding', is: 'explicit' },
  },
  padBottom: {
    type: 'int',
    default: 1,
    min: 0,
    max: 255,
    label: 'Padding bottom',
    help: 'Rows of zeros below. Default 1.',
    visibleWhen: { param: 'asymmetric', is: true },
  },
  padRight: {
    type: 'int',
    default: 1,
    min: 0,
    max: 255,
    label: 'Padding right',
    help: 'Columns of zeros on the right. Default 1.',
    visibleWhen: { param: 'asymmetric', is: true },
  },
  dilation: {
    type: 'int',
    default: 1,
    min: 1,
    max: 255,
    label: 'Dilation',
    help: 'Pixels from one kernel element to the next; 1 is an ordinary convolution. Default 1, as PyTorch and Keras.',
  },
  groups: {
    type: 'int',
    default: 1,
    min: 1,
    max: 65_536,
    label: 'Groups',
    help: 'Splits input channels and filters into this many independent parts; with as many groups as input channels it is depthwise. Must divide both. Default 1, as PyTorch and Keras.',
  },
  ...WEIGHT_PARAMS,
} as const;
type Conv2dParams = ParamsOf<typeof CONV_PARAMS>;

/** `[height, width]`. */
export function kernelOf(
  params: Pick<Conv2dParams, 'kernel' | 'rectangular' | 'kernelX'>,
): readonly [number, number] {
  return [params.kernel, params.rectangular ? params.kernelX : params.kernel];
}

/** The window of a Conv2D with these parameters. */
export function convWindow(params: Conv2dParams): WindowSettings {
  const { stride, dilation, padding, padY, padX } = params;
  return { kernel: kernelOf(params), stride, dilation, padding, pad: sidesOf(padY, padX, params) };
}

/**
 * The common parts of both convolutions' summaries: kernel and filters, a stride other than `usualStride`, and all
 * other parameters that differ from their defaults.
 */
export function convSummary(
  params: Pick<
    Conv2dParams,
    'kernel' | 'rectangular' | 'kernelX' | 'filters' | 'stride' | 'dilation' | 'groups'
  >,
  usualStride: number,
): readonly MessageValue[] {
  const { stride, dilation, groups } = params;
  const parts: MessageValue[] = [formatKernel(kernelOf(params)), params.filters];
  if (stride !== usualStride) parts.push(message('summary.stride', { stride }));
  if (dilation > 1) parts.push(message('summary.dilation', { dilation }));
  if (groups > 1) parts.push(message('summary.groups', { groups }));
  return parts;
}

/** The problem when groups do not divide both input channels and filters, or null. */
export function groupsProblem(
  params: Pick<Conv2dParams, 'groups' | 'filters'>,
  channels: number,
): ShapeProblem | null {
  const { groups, filters } = params;
  if (channels % groups === 0 && filters % groups === 0) return null;
  return {
    code: 'shape-mismatch',
    param: 'groups',
    problem:
      channels % groups === 0
        ? message('blocks.groupsOfFilters', { groups, filters })
        : message('blocks.groupsOfInputs', { groups, channels }),
    hint: message('blocks.groupsOfBothHint', { channels, filters }),
  };
}

/** Convolution: `[C, H, W]` to `[filters, H', W']`; weights `[filters, C / groups, kH, kW]`. */
export const conv2d = defineNode({
  kind: 'conv2d',
  idStem: 'conv',
  family: 'convolution',
  title: 'Conv2D',
  help: 'Slides trained kernels over the image; each filter gives one output channel.',
  shortcut: 'c',
  params: CONV_PARAMS,
  inputPorts: () => ONE_INPUT,
  outputPorts: ONE_OUTPUT,
  summary: (params) => convSummary(params, 1),
  inferShape(params, inputs) {
    const image = asImage(inputAt(inputs));
    if (!image) return shapeBad(needsImage(inputAt(inputs)));
    const problems = [kernelProblem(convWindow(params), image), groupsProblem(params, image.channels)];
    const found = problems.filter((problem) => problem !== null);
    if (found.length > 0) return shapeBad(...found);
    const { height, width } = placeWindow(convWindow(params), image);
    return shapeOk([params.filters, height, width]);
  },
  parameters(params, inputs) {
    const perGroup = imageAt(inputs).channels / params.groups;
    return weightParameters(params, [params.filters, perGroup, ...kernelOf(params)]);
  },
  statisticChannels: () => 0,
  flops(params, inputs, output) {
    const [kernelY, kernelX] = kernelOf(params);
    const perValue = 2 * (imageAt(inputs).channels / params.groups) * kernelY * kernelX;
    return elementCount(output) * (perValue + (params.bias ? 1 : 0));
  },
  lower(params, context) {
    const { window } = placeWindow(convWindow(params), imageAt(shapesOf(context)));
    const dst = outputTensor(context);
    context.emit({
      op: 'convForward',
      src: tensorAt(context),
      weights: context.parameter('weights'),
      bias: params.bias ? context.parameter('bias') : null,
      dst,
      ...window,
      groups: params.groups,
    });
    return dst;
  },
});
