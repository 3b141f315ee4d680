import { elementCount, type Shape } from '../program/shape.ts';
import { STATELESS } from './defineNode.ts';
import type { ShapeProblem, ShapeResult } from './definition.ts';
import type { ParamsOf } from './paramSpec.ts';
import { asPicture as asImage, inputAt, needsImage, shapeBad, shapeOk } from './shapeRules.ts';
import {
  formatKernel,
  kernelProblem,
  PADDING_OPTIONS,
  placeWindow,
  sidesOf,
  type WindowSettings,
} from './window.ts';
import { message } from '../words/message.ts';

const side = {
  ...({ type: 'int', default: 0, min: 0, max: 254 } as const),
  visibleWhen: { param: 'asymmetric', is: true },
} as const;

/** Parameters of MaxPool and AvgPool. */
export const POOL_PARAMS = {
  kernel: {
    type: 'int',
    default: 2,
    min: 1,
    max: 255,
    label: 'Kernel',
    help: 'Height and width of the window in pixels. Default 2.',
  },
  stride: {
    type: 'int',
    default: 2,
    min: 1,
    max: 255,
    label: 'Stride',
    help: 'Pixels from one window to the next; 2 halves height and width. Default 2, the kernel’s size, as PyTorch and Keras.',
  },
  padding: {
    type: 'choice',
    default: 'valid',
    options: PADDING_OPTIONS,
    label: 'Padding',
    help: 'Pixels around the image; they are never the maximum, and they count in a mean only with Count padding. Same: output size is input size divided by the stride, rounded up, as TensorFlow. Valid: none, and left-over rows and columns are dropped. Explicit: as many pixels as given, as PyTorch. Default valid, as PyTorch and Keras.',
  },
  pad: {
    type: 'int',
    default: 0,
    min: 0,
    max: 127,
    label: 'Padding pixels',
    help: 'Pixels on each of the four sides; at most half the kernel. Default 0.',
    visibleWhen: { param: 'padding', is: 'explicit' },
  },
  asymmetric: {
    type: 'boolean',
    default: false,
    label: 'Asymmetric',
    help: 'Gives the left, the bottom and the right a padding of their own; Padding pixels then counts for the top alone. Each is less than the kernel. Default off.',
    visibleWhen: { param: 'padding', is: 'explicit' },
  },
  padLeft: { ...side, label: 'Padding left', help: 'Columns on the left, in pixels. Default 0.' },
  padBottom: { ...side, label: 'Padding bottom', help: 'Rows below, in pixels. Default 0.' },
  padRight: { ...side, label: 'Padding right', help: 'Columns on the right, in pixels. Default 0.' },
  ceilMode: {
    type: 'boolean',
    default: false,
    label: 'Round up',
    help: 'Rounds the output size up instead of down, so that left-over rows and columns get a last window, which may reach beyond the image; pixels there never count (PyTorch’s ceil_mode, and Caffe). Without effect on Same, which always rounds up. Default off, as PyTorch and Keras.',
  },
} as const;
export type PoolParams = ParamsOf<typeof POOL_PARAMS>;

export function poolWindow(params: PoolParams): WindowSettings {
  const { kernel, stride, padding, pad, padLeft, asymmetric, ceilMode } = params;
  const sides = sidesOf(pad, asymmetric ? padLeft : pad, params);
  return { kernel: [kernel, kernel], stride, dilation: 1, padding, pad: sides, ceil: ceilMode };
}

/**
 * A window entirely within the padding would have no value. Padding on all sides alike has the limit of
 * torch.nn.MaxPool2d, half the kernel; sides of their own have that of ONNX, less than the kernel.
 */
function padProblem(params: PoolParams): ShapeProblem | null {
  const { kernel, padding, pad, asymmetric } = params;
  if (padding !== 'explicit') return null;
  if (asymmetric) return sideProblem(params);
  if (2 * pad <= kernel) return null;
  return {
    code: 'param-range',
    param: 'pad',
    problem: message('blocks.poolPadding', { pad, kernel }),
    hint: message('blocks.poolPaddingHint', { most: Math.floor(kernel / 2) }),
  };
}

function sideProblem(params: PoolParams): ShapeProblem | null {
  const { kernel } = params;
  const param = (['pad', 'padLeft', 'padBottom', 'padRight'] as const).find((name) => params[name] >= kernel);
  if (param === undefined) return null;
  return {
    code: 'param-range',
    param,
    problem: message('blocks.poolSide', { pad: params[param], kernel }),
    hint: message('blocks.poolPaddingHint', { most: kernel - 1 }),
  };
}

function inferPool(params: PoolParams, inputs: readonly Shape[]): ShapeResult {
  const image = asImage(inputAt(inputs));
  if (!image) return shapeBad(needsImage(inputAt(inputs)));
  const problem = padProblem(params) ?? kernelProblem(poolWindow(params), image);
  if (problem) return shapeBad(problem);
  const { height, width } = placeWindow(poolWindow(params), image);
  return shapeOk([image.channels, height, width]);
}

/** The common parts of MaxPool and AvgPool. */
export const POOLING = {
  ...STATELESS,
  family: 'pooling',
  params: POOL_PARAMS,
  summary: ({ kernel, stride }: PoolParams) => [
    formatKernel([kernel, kernel]),
    message('summary.stride', { stride }),
  ],
  inferShape: inferPool,
  flops: ({ kernel }: PoolParams, _inputs: readonly Shape[], output: Shape) =>
    elementCount(output) * kernel * kernel,
} as const;
