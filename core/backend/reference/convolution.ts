import { walkConvolution } from './convolutionRows.ts';
import { pictureDims } from './geometry.ts';
import type { Kernel } from './kernel.ts';
import { addTo, at, sumOf } from './values.ts';

/*
 * src [N, C, H, W], weights [O, C/groups, kH, kW], bias [O], dst [N, O, P, Q]; s stride, d dilation, t/l padding above/left.
 * Forward:  dst[n,o,y,x] = bias[o] + sum_{c,i,j} weights[o,c,i,j] * src[n, c, y*s + i*d - t, x*s + j*d - l]
 * Backward: diffSrc[n, c, y*s + i*d - t, x*s + j*d - l] += weights[o,c,i,j] * diffDst[n,o,y,x]
 *           diffWeights[o,c,i,j] = sum_{n,y,x} src[n, c, y*s + i*d - t, x*s + j*d - l] * diffDst[n,o,y,x]
 *           diffBias[o] = sum_{n,y,x} diffDst[n,o,y,x]
 * c runs over the channels of the group of o; positions outside src count as zero.
 */
export const convForward: Kernel<'convForward'> = (instruction, context) => {
  const srcDims = pictureDims(context.dims(instruction.src));
  const dstDims = pictureDims(context.dims(instruction.dst));
  const src = context.data(instruction.src);
  const weights = context.data(instruction.weights);
  const bias = instruction.bias === null ? null : context.data(instruction.bias);
  const dst = context.data(instruction.dst);
  const strideX = instruction.stride[1];
  const pixels = dstDims.height * dstDims.width;
  return () => {
    for (let plane = 0; plane < context.batch * dstDims.channels; plane += 1) {
      const start = bias === null ? 0 : at(bias, plane % dstDims.channels);
      dst.fill(start, plane * pixels, (plane + 1) * pixels);
    }
    walkConvolution(instruction, context.batch, srcDims, dstDims, (srcStart, dstStart, count, weight) => {
      const factor = at(weights, weight);
      for (let i = 0; i < count; i += 1) {
        dst[dstStart + i] = at(dst, dstStart + i) + factor * at(src, srcStart + i * strideX);
      }
    });
  };
};

export const convBackwardData: Kernel<'convBackwardData'> = (instruction, context) => {
  const srcDims = pictureDims(context.dims(instruction.diffSrc));
  const dstDims = pictureDims(context.dims(instruction.diffDst));
  const diffDst = context.data(instruction.diffDst);
  const weights = context.data(instruction.weights);
  const diffSrc = context.data(instruction.diffSrc);
  const strideX = instruction.stride[1];
  return () => {
    diffSrc.fill(0);
    walkConvolution(instruction, context.batch, srcDims, dstDims, (srcStart, dstStart, count, weight) => {
      const factor = at(weights, weight);
      for (let i = 0; i < count; i += 1) {
        const s = srcStart + i * strideX;
        diffSrc[s] = at(diffSrc, s) + factor * at(diffDst, dstStart + i);
      }
    });
  };
};

export const convBackwardWeights: Kernel<'convBackwardWeights'> = (instruction, context) => {
  const srcDims = pictureDims(context.dims(instruction.src));
  const dstDims = pictureDims(context.dims(instruction.diffDst));
  const src = context.data(instruction.src);
  const diffDst = context.data(instruction.diffDst);
  const diffWeights = context.data(instruction.diffWeights);
  const diffBias = instruction.diffBias === null ? null : context.data(instruction.diffBias);
  const strideX = instruction.stride[1];
  const pixels = dstDims.height * dstDims.width;
  return () => {
    diffWeights.fill(0);
    walkConvolution(instruction, context.batch, srcDims, dstDims, (srcStart, dstStart, count, weight) => {
      let sum = 0;
      for (let i = 0; i < count; i += 1) sum += at(src, srcStart + i * strideX) * at(diffDst, dstStart + i);
      addTo(diffWeights, weight, sum);
    });
    if (diffBias === null) return;
    diffBias.fill(0);
    for (let plane = 0; plane < context.batch * dstDims.channels; plane += 1) {
      addTo(diffBias, plane % dstDims.channels, sumOf(diffDst, plane * pixels, pixels));
    }
  };
};
