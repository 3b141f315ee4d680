import { elementCount, type Shape } from '../program/shape.ts';
import { STATELESS } from './defineNode.ts';
import type { ShapeProblem, ShapeResult } from './definition.ts';
import type { ParamsOf } from './paramSpec.ts';
import { asPicture as asImage, inputAt, needsImage, shapeBad, shapeOk } from './shapeRules.ts';
import { formatKernel, kernelProblem, PADDING_OPTIONS, placeWindow, type WindowSettings } from './window.ts';
import { message } from '../words/message.ts';

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
} as const;
export type PoolParams = ParamsOf<typeof POOL_PARAMS>;

export function poolWindow({ kernel, stride, padding, pad }: PoolParams): WindowSettings {
  return { kernel: [kernel, kernel], stride, dilation: 1, padding, pad: [pad, pad] };
}

/** A window entirely within the padding would have no value; torch.nn.MaxPool2d has the same limit. */
function padProblem({ kernel, padding, pad }: PoolParams): ShapeProblem | null {
  if (padding !== 'explicit' || 2 * pad <= kernel) return null;
  return {
    code: 'param-range',
    param: 'pad',
    problem: message('blocks.poolPadding', { pad, kernel }),
    hint: message('blocks.poolPaddingHint', { most: Math.floor(kernel / 2) }),
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
