import type { Shape } from '../../program/shape.ts';
import { imageDims } from './geometry.ts';
import type { Kernel } from './kernel.ts';
import { at } from './values.ts';

/*
 * src, dst [N, C, H, W] or [N, F]; maximum and sums over C, at each pixel.
 * Forward:  dst = e^(src - max) / sum e^(src - max)
 * Backward: diffSrc = dst * (diffDst - sum(diffDst * dst))
 */
export const softmaxForward: Kernel<'softmaxForward'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const columns = columnsOf(context.dims(instruction.src), context.batch);
  return () => {
    for (const column of columns) {
      const largest = column.reduce((most, i) => Math.max(most, at(src, i)), -Infinity);
      const sum = column.reduce((total, i) => total + Math.exp(at(src, i) - largest), 0);
      for (const i of column) dst[i] = Math.exp(at(src, i) - largest) / sum;
    }
  };
};

export const softmaxBackward: Kernel<'softmaxBackward'> = (instruction, context) => {
  const dst = context.data(instruction.dst);
  const diffDst = context.data(instruction.diffDst);
  const diffSrc = context.data(instruction.diffSrc);
  const columns = columnsOf(context.dims(instruction.dst), context.batch);
  return () => {
    for (const column of columns) {
      const sum = column.reduce((total, i) => total + at(diffDst, i) * at(dst, i), 0);
      for (const i of column) diffSrc[i] = at(dst, i) * (at(diffDst, i) - sum);
    }
  };
};

/** The indices of the elements of each pixel of each sample, one per channel. */
function columnsOf(dims: Shape, batch: number): readonly (readonly number[])[] {
  const { channels, height, width } = imageDims(dims);
  const pixels = height * width;
  return Array.from({ length: batch * pixels }, (_, index) => {
    const first = Math.floor(index / pixels) * channels * pixels + (index % pixels);
    return Array.from({ length: channels }, (__, c) => first + c * pixels);
  });
}
