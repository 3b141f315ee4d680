import { imageDims } from './geometry.ts';
import type { Kernel } from './kernel.ts';
import { addTo, at } from './values.ts';

/*
 * src, dst [N, C, H, W] or [N, F]; weights [C] or [1]: the slopes a. He et al. 2015 (arXiv 1502.01852), section 2.1.
 * Forward:  dst = x > 0 ? x : a*x
 * Backward: diffSrc = diffDst * (x > 0 ? 1 : a) ; da = sum of diffDst * x where x <= 0
 */
export const preluForward: Kernel<'preluForward'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const slopes = context.data(instruction.weights);
  const slopeAt = slopeIndex(context.dims(instruction.src), slopes);
  return () => {
    for (let i = 0; i < dst.length; i += 1) {
      const x = at(src, i);
      dst[i] = x > 0 ? x : at(slopes, slopeAt(i)) * x;
    }
  };
};

export const preluBackward: Kernel<'preluBackward'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const diffDst = context.data(instruction.diffDst);
  const slopes = context.data(instruction.weights);
  const slopeAt = slopeIndex(context.dims(instruction.src), slopes);
  const diffSrc = instruction.diffSrc === null ? null : context.data(instruction.diffSrc);
  const diffSlopes = instruction.diffWeights === null ? null : context.data(instruction.diffWeights);
  return () => {
    diffSlopes?.fill(0);
    for (let i = 0; i < src.length; i += 1) {
      const x = at(src, i);
      if (diffSrc !== null) diffSrc[i] = at(diffDst, i) * (x > 0 ? 1 : at(slopes, slopeAt(i)));
      if (diffSlopes !== null && x <= 0) addTo(diffSlopes, slopeAt(i), at(diffDst, i) * x);
    }
  };
};

/** Returns the index of the slope for element `i` of the batch. */
function slopeIndex(dims: readonly number[], slopes: Float64Array): (i: number) => number {
  const { channels, height, width } = imageDims(dims);
  return slopes.length === 1 ? () => 0 : (i) => Math.floor(i / (height * width)) % channels;
}
