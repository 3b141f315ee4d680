import { conv2d, convWindow } from '../../../nodes/conv2d.ts';
import { convTranspose2d, transposedWindow } from '../../../nodes/convTranspose2d.ts';
import { dense } from '../../../nodes/dense.ts';
import { channelsOf, imageAt, inputAt } from '../../../nodes/shapeRules.ts';
import { placeTransposed } from '../../../nodes/transposedWindow.ts';
import { kernelSpan, placeWindow } from '../../../nodes/window.ts';
import { message } from '../../../words/message.ts';
import { caffeWriter, fieldBlob, type BlobPlan, type BlockContext } from '../caffeLayer.ts';
import { evenAxis, extendKernels, type EvenAxis } from '../evenSides.ts';
import { ratesOf } from '../rates.ts';

interface ConvParams {
  readonly filters: number;
  readonly stride: number;
  readonly dilation: number;
  readonly groups: number;
  readonly bias: boolean;
  readonly trainWeights: boolean;
  readonly rateFactor: number;
}

/** A layer of either convolution; `dims` are those of the canonical weights, the last two the kernel. */
function addConvolution(
  { block, add, note }: BlockContext,
  type: 'Convolution' | 'Deconvolution',
  params: ConvParams,
  { kernel, axes: [y, x], dims }: PlacedKernel,
): string {
  const { filters, stride, groups, bias } = params;
  if (y.kernel !== kernel[0] || x.kernel !== kernel[1])
    note(
      message('bundles.caffeKernel', {
        ...{ block: block.called, kernel: `${String(y.kernel)} × ${String(x.kernel)}` },
      }),
    );
  const weights: BlobPlan = {
    dims: [...dims.slice(0, 2), y.kernel, x.kernel],
    rates: ratesOf(params, true),
    values: (read) => extendKernels(read('weights'), kernel, y, x),
  };
  return add({
    type,
    settings: {
      convolution_param: {
        ...{ num_output: filters, bias_term: bias, pad_h: y.pad, pad_w: x.pad },
        ...{ kernel_h: y.kernel, kernel_w: x.kernel, stride, dilation: y.dilation, group: groups },
      },
    },
    blobs: [weights, ...biasOf(params, filters)],
  });
}

interface PlacedKernel {
  readonly kernel: readonly [number, number];
  /** Both have the same dilation. */
  readonly axes: readonly [EvenAxis, EvenAxis];
  readonly dims: readonly number[];
}

function biasOf(params: Pick<ConvParams, 'bias' | 'trainWeights' | 'rateFactor'>, count: number): BlobPlan[] {
  return params.bias ? [fieldBlob('bias', [count], ratesOf(params, false))] : [];
}

const conv = caffeWriter(conv2d, (params, context) => {
  const image = imageAt(context.block.inputShapes);
  const { kernel, padding } = placeWindow(convWindow(params), image).window;
  const [top, left, bottom, right] = padding;
  const { dilation } = params;
  const isSpread = (bottom - top) % dilation !== 0 || (right - left) % dilation !== 0;
  const axes = [
    evenAxis(kernel[0], [top, bottom], dilation, isSpread),
    evenAxis(kernel[1], [left, right], dilation, isSpread),
  ] as const;
  const dims = [params.filters, image.channels / params.groups];
  return addConvolution(context, 'Convolution', params, { kernel, axes, dims });
});

/**
 * `Deconvolution` cuts opposite sides alike, and has no output padding: zeros in the kernel give both. OpenCV ignores
 * its dilation, so that too is zeros in the kernel.
 */
const transposed = caffeWriter(convTranspose2d, (params, context) => {
  const image = imageAt(context.block.inputShapes);
  const { window, height, width } = placeTransposed(transposedWindow(params), image);
  const { kernel, padding } = window;
  const axisOf = (size: number, at: 0 | 1, out: number): EvenAxis => {
    const whole = (size - 1) * params.stride + kernelSpan(kernel[at], params.dilation);
    const before = padding[at];
    return evenAxis(kernel[at], [before, whole - before - out], params.dilation, true);
  };
  const axes = [axisOf(image.height, 0, height), axisOf(image.width, 1, width)] as const;
  const dims = [image.channels, params.filters / params.groups];
  return addConvolution(context, 'Deconvolution', params, { kernel, axes, dims });
});

const linear = caffeWriter(dense, (params, { block, add }) => {
  const { units, bias } = params;
  const features = channelsOf(inputAt(block.inputShapes));
  return add({
    type: 'InnerProduct',
    settings: { inner_product_param: { num_output: units, bias_term: bias } },
    blobs: [fieldBlob('weights', [units, features], ratesOf(params, true)), ...biasOf(params, units)],
  });
});

export const CAFFE_LAYERS = [conv, transposed, linear] as const;
