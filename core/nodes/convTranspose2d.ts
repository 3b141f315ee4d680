import { elementCount } from '../program/shape.ts';
import { CONV_PARAMS, convSummary, groupsProblem, kernelOf } from './conv2d.ts';
import { defineNode, ONE_INPUT, ONE_OUTPUT } from './defineNode.ts';
import { outputTensor, shapesOf, tensorAt } from './lowering.ts';
import type { ParamsOf } from './paramSpec.ts';
import { asPicture as asImage, inputAt, needsImage, imageAt, shapeBad, shapeOk } from './shapeRules.ts';
import { placeTransposed, transposedProblem, type TransposedSettings } from './transposedWindow.ts';
import { WEIGHT_PARAMS, weightParameters } from './weights.ts';
import { sidesOf } from './window.ts';

const PARAMS = {
  filters: CONV_PARAMS.filters,
  kernel: {
    ...CONV_PARAMS.kernel,
    default: 4,
    help: 'Height of the kernel in pixels, and its width unless it is rectangular. A multiple of the stride avoids a checkerboard in the output (Odena et al. 2016). Default 4, as DCGAN.',
  },
  rectangular: CONV_PARAMS.rectangular,
  kernelX: {
    ...CONV_PARAMS.kernelX,
    default: 4,
    help: 'Width of a rectangular kernel in pixels. Default 4.',
  },
  stride: {
    ...CONV_PARAMS.stride,
    default: 2,
    help: 'How many times higher and wider the output is: neighbouring input pixels are this many pixels apart in the output. Default 2, which doubles both.',
  },
  padding: {
    ...CONV_PARAMS.padding,
    help: 'What is cut off the edges of the output. Same: as much as makes it the stride times the input, an odd pixel at the bottom and right, as TensorFlow. Valid: nothing. Explicit: as many pixels as given, as PyTorch. Default same.',
  },
  padY: {
    ...CONV_PARAMS.padY,
    help: 'Rows cut off above and below. Default 1: PyTorch’s padding=1.',
  },
  padX: {
    ...CONV_PARAMS.padX,
    help: 'Columns cut off on the left and the right. Default 1: PyTorch’s padding=1.',
  },
  asymmetric: {
    ...CONV_PARAMS.asymmetric,
    help: 'Cuts off the bottom and the right by numbers of their own; the two above then count for the top and the left alone. Default off.',
  },
  padBottom: { ...CONV_PARAMS.padBottom, help: 'Rows cut off below. Default 1.' },
  padRight: { ...CONV_PARAMS.padRight, help: 'Columns cut off on the right. Default 1.' },
  outputPadding: {
    type: 'int',
    default: 0,
    min: 0,
    max: 254,
    label: 'Output padding',
    help: 'Extra rows and columns at the bottom and right, fewer than the stride. A strided Conv2D maps several input sizes to one output size; this chooses which of them comes back. Default 0, as PyTorch.',
    visibleWhen: { param: 'padding', is: 'explicit' },
  },
  dilation: CONV_PARAMS.dilation,
  groups: CONV_PARAMS.groups,
  ...WEIGHT_PARAMS,
} as const;
type TransposedParams = ParamsOf<typeof PARAMS>;

/** The window of a ConvTranspose2D with these parameters. */
export function transposedWindow(params: TransposedParams): TransposedSettings {
  const { stride, dilation, padding, padY, padX, outputPadding } = params;
  const pad = sidesOf(padY, padX, params);
  return { kernel: kernelOf(params), stride, dilation, padding, pad, outputPadding };
}

/**
 * Transposed convolution: `[C, H, W]` to `[filters, H', W']`; weights `[C, filters / groups, kH, kW]`, as in PyTorch
 * and ONNX.
 */
export const convTranspose2d = defineNode({
  kind: 'convTranspose2d',
  idStem: 'up',
  family: 'convolution',
  title: 'ConvTranspose2D',
  help: 'Enlarges an image by trained kernels: every pixel adds the kernel, scaled by its value, to a larger image. It is the transpose of a strided Conv2D.',
  params: PARAMS,
  inputPorts: () => ONE_INPUT,
  outputPorts: ONE_OUTPUT,
  summary: (params) => convSummary(params, 0),
  inferShape(params, inputs) {
    const image = asImage(inputAt(inputs));
    if (!image) return shapeBad(needsImage(inputAt(inputs)));
    const problems = [
      transposedProblem(transposedWindow(params), image),
      groupsProblem(params, image.channels),
    ];
    const found = problems.filter((problem) => problem !== null);
    if (found.length > 0) return shapeBad(...found);
    const { height, width } = placeTransposed(transposedWindow(params), image);
    return shapeOk([params.filters, height, width]);
  },
  parameters(params, inputs) {
    const dims = [imageAt(inputs).channels, params.filters / params.groups, ...kernelOf(params)] as const;
    return weightParameters(params, dims, params.filters);
  },
  statisticChannels: () => 0,
  flops(params, inputs, output) {
    const [kernelY, kernelX] = kernelOf(params);
    const perValue = 2 * (params.filters / params.groups) * kernelY * kernelX;
    return elementCount(inputAt(inputs)) * perValue + (params.bias ? elementCount(output) : 0);
  },
  lower(params, context) {
    const { window } = placeTransposed(transposedWindow(params), imageAt(shapesOf(context)));
    const dst = outputTensor(context);
    context.emit({
      op: 'convTransposeForward',
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
