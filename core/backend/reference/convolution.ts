import type { ConvAttributes } from '../../program/instruction.ts';
import type { TensorId } from '../../program/tensor.ts';
import { imageDims } from './geometry.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import {
  addProduct,
  addProductOfTransposed,
  addProductWithTransposed,
  rowsOf,
  type Matrix,
} from './matrix.ts';
import { gatherPatches, patchIndices, scatterPatches } from './patches.ts';
import { addTo, at, sumOf } from './values.ts';

/*
 * src [N, C, H, W], weights [O, C/groups, kH, kW], bias [O], dst [N, O, P, Q]; s stride, d dilation, t/l padding
 * above/left.
 * Forward:  dst[n,o,y,x] = bias[o] + sum_{c,i,j} weights[o,c,i,j] * src[n, c, y*s + i*d - t, x*s + j*d - l]
 * Backward: diffSrc[n, c, y*s + i*d - t, x*s + j*d - l] += weights[o,c,i,j] * diffDst[n,o,y,x]
 *           diffWeights[o,c,i,j] = sum_{n,y,x} src[n, c, y*s + i*d - t, x*s + j*d - l] * diffDst[n,o,y,x]
 *           diffBias[o] = sum_{n,y,x} diffDst[n,o,y,x]
 * c runs over the channels of the group of o; positions outside src count as zero. For each sample and group, with the
 * patches X [C/groups * kH * kW, P * Q] of src (im2col) and the weights as a matrix W: dst = W X ; dX = W^T diffDst,
 * scattered back into diffSrc (col2im) ; dW = diffDst X^T.
 */
export const convForward: Kernel<'convForward'> = (instruction, context) => {
  const view = convolutionView(instruction, instruction.src, instruction.dst, context);
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const weights = context.data(instruction.weights);
  const bias = instruction.bias === null ? null : context.data(instruction.bias);
  return () => {
    for (let plane = 0; plane < context.batch * view.outputs; plane += 1) {
      const start = bias === null ? 0 : at(bias, plane % view.outputs);
      dst.fill(start, plane * view.pixels, (plane + 1) * view.pixels);
    }
    forEachGroup(view, context.batch, (part) => {
      gatherPatches(view.patches, part.srcBlock(src), view.indices);
      addProduct(part.dstRows(dst), part.weightRows(weights), view.patches);
    });
  };
};

export const convBackwardData: Kernel<'convBackwardData'> = (instruction, context) => {
  const view = convolutionView(instruction, instruction.diffSrc, instruction.diffDst, context);
  const diffDst = context.data(instruction.diffDst);
  const diffSrc = context.data(instruction.diffSrc);
  const weights = context.data(instruction.weights);
  return () => {
    diffSrc.fill(0);
    forEachGroup(view, context.batch, (part) => {
      view.patches.data.fill(0);
      addProductOfTransposed(view.patches, part.weightRows(weights), part.dstRows(diffDst));
      scatterPatches(part.srcBlock(diffSrc), view.patches, view.indices);
    });
  };
};

export const convBackwardWeights: Kernel<'convBackwardWeights'> = (instruction, context) => {
  const view = convolutionView(instruction, instruction.src, instruction.diffDst, context);
  const src = context.data(instruction.src);
  const diffDst = context.data(instruction.diffDst);
  const diffWeights = context.data(instruction.diffWeights);
  const diffBias = instruction.diffBias === null ? null : context.data(instruction.diffBias);
  return () => {
    diffWeights.fill(0);
    forEachGroup(view, context.batch, (part) => {
      gatherPatches(view.patches, part.srcBlock(src), view.indices);
      addProductWithTransposed(part.weightRows(diffWeights), part.dstRows(diffDst), view.patches);
    });
    if (diffBias === null) return;
    diffBias.fill(0);
    for (let plane = 0; plane < context.batch * view.outputs; plane += 1) {
      addTo(diffBias, plane % view.outputs, sumOf(diffDst, plane * view.pixels, view.pixels));
    }
  };
};

interface ConvolutionView {
  readonly groups: number;
  /** Total number of output channels, and pixels of each. */
  readonly outputs: number;
  readonly pixels: number;
  /** Number of values of one sample and group of src. */
  readonly blockSize: number;
  readonly indices: Int32Array;
  /** Scratch for the patches of one sample and group. */
  readonly patches: Matrix;
}

function convolutionView(
  attributes: ConvAttributes,
  src: TensorId,
  dst: TensorId,
  context: KernelContext,
): ConvolutionView {
  const { channels, height, width } = imageDims(context.dims(src));
  const output = imageDims(context.dims(dst));
  const group = { channels: channels / attributes.groups, height, width };
  const indices = patchIndices(attributes, group, output);
  const pixels = output.height * output.width;
  const rows = indices.length / pixels;
  return {
    groups: attributes.groups,
    outputs: output.channels,
    pixels,
    blockSize: group.channels * height * width,
    indices,
    patches: { data: new Float64Array(indices.length), rows, columns: pixels },
  };
}

/** The parts of the operands that belong to one group of one sample. */
interface GroupPart {
  srcBlock(src: Float64Array): Float64Array;
  dstRows(dst: Float64Array): Matrix;
  weightRows(weights: Float64Array): Matrix;
}

function forEachGroup(view: ConvolutionView, batch: number, visit: (part: GroupPart) => void): void {
  const { groups, pixels, blockSize, patches } = view;
  const rows = view.outputs / groups;
  for (let block = 0; block < batch * groups; block += 1) {
    visit({
      srcBlock: (src) => src.subarray(block * blockSize, (block + 1) * blockSize),
      dstRows: (data) => rowsOf({ data, rows: batch * view.outputs, columns: pixels }, block * rows, rows),
      weightRows: (data) =>
        rowsOf({ data, rows: view.outputs, columns: patches.rows }, (block % groups) * rows, rows),
    });
  }
}
