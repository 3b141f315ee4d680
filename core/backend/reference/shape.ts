import { must } from '../../diagnostics/invariantError.ts';
import { elementCount } from '../../program/shape.ts';
import type { TensorId } from '../../program/tensor.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { addScaled } from './values.ts';

/*
 * Reshape: dst = src, same values in the same order. The backward pass is the same copy.
 * Sum:     dst = sum_k srcs[k], all of one shape. In the backward pass every source receives diffDst.
 * Concat:  srcs [N, C_k, ...] are joined along C in dst [N, sum C_k, ...]. The backward pass splits diffDst likewise.
 * Zero:    dst = 0.
 */
export const reshape: Kernel<'reshape'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  return () => dst.set(src);
};

export const sum: Kernel<'sum'> = (instruction, context) => {
  const srcs = instruction.srcs.map((src) => context.data(src));
  const dst = context.data(instruction.dst);
  return () => {
    dst.fill(0);
    for (const src of srcs) addScaled(dst, 1, src);
  };
};

export const zero: Kernel<'zero'> = (instruction, context) => {
  const dst = context.data(instruction.dst);
  return () => {
    dst.fill(0);
  };
};

export const concatForward: Kernel<'concatForward'> = (instruction, context) => {
  const parts = placeParts(instruction.srcs, context);
  const whole = context.data(instruction.dst);
  const wholeSize = elementCount(context.dims(instruction.dst));
  return () => {
    for (const { data, size, start } of parts) {
      for (let n = 0; n < context.batch; n += 1) {
        whole.set(data.subarray(n * size, (n + 1) * size), n * wholeSize + start);
      }
    }
  };
};

export const concatBackward: Kernel<'concatBackward'> = (instruction, context) => {
  const dims = context.dims(instruction.diffDst);
  const whole = context.data(instruction.diffDst);
  const wholeSize = elementCount(dims);
  const pixels = wholeSize / must(dims[0], 'channels');
  const parts = cutParts(instruction.diffSrcs, instruction.sizes, pixels, context);
  return () => {
    for (const { data, size, start } of parts) {
      for (let n = 0; n < context.batch; n += 1) {
        const from = n * wholeSize + start;
        data.set(whole.subarray(from, from + size), n * size);
      }
    }
  };
};

/** One source of a concatenation: `size` values per sample, from value `start` of the sample on. */
interface Part {
  readonly data: Float64Array;
  readonly size: number;
  readonly start: number;
}

function placeParts(srcs: readonly TensorId[], context: KernelContext): Part[] {
  let start = 0;
  return srcs.map((src) => {
    const part = { data: context.data(src), size: elementCount(context.dims(src)), start };
    start += part.size;
    return part;
  });
}

function cutParts(
  diffSrcs: readonly (TensorId | null)[],
  sizes: readonly number[],
  pixels: number,
  context: KernelContext,
): Part[] {
  let start = 0;
  return diffSrcs.flatMap((diffSrc, index) => {
    const size = must(sizes[index], 'size of a concat source') * pixels;
    const part = diffSrc === null ? [] : [{ data: context.data(diffSrc), size, start }];
    start += size;
    return part;
  });
}
