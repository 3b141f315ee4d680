import { elementCount } from '../../program/shape.ts';
import type { TensorId } from '../../program/tensor.ts';
import { imageDims, type ImageDims } from './geometry.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { addTo, at } from './values.ts';

/*
 * dst [N, C, P]; srcs[k] [N, C or 1, P or 1], r_k(i) is the element of srcs[k] that is broadcast to element i of dst.
 * Forward:  dst[i] = prod_k srcs[k][r_k(i)]
 * Backward: diffSrcs[k][r_k(i)] += diffDst[i] * prod_{j != k} srcs[j][r_j(i)]
 */
export const multiplyForward: Kernel<'multiplyForward'> = (instruction, context) => {
  const dst = context.data(instruction.dst);
  const factors = factorsOf(instruction.srcs, instruction.dst, context);
  return () => {
    for (let i = 0; i < dst.length; i += 1) dst[i] = productAt(factors, i, null);
  };
};

export const multiplyBackward: Kernel<'multiplyBackward'> = (instruction, context) => {
  const diffDst = context.data(instruction.diffDst);
  const factors = factorsOf(instruction.srcs, instruction.diffDst, context);
  const gradients = instruction.diffSrcs.map((diffSrc) => (diffSrc === null ? null : context.data(diffSrc)));
  return () => {
    for (const [k, factor] of factors.entries()) {
      const gradient = gradients[k] ?? null;
      if (gradient === null) continue;
      gradient.fill(0);
      for (let i = 0; i < diffDst.length; i += 1) {
        addTo(gradient, factor.index(i), at(diffDst, i) * productAt(factors, i, factor));
      }
    }
  };
};

interface Factor {
  readonly values: Float64Array;
  /** Index into `values` for an element of the product. */
  index(element: number): number;
}

function productAt(factors: readonly Factor[], element: number, without: Factor | null): number {
  let product = 1;
  for (const factor of factors) if (factor !== without) product *= at(factor.values, factor.index(element));
  return product;
}

function factorsOf(srcs: readonly TensorId[], whole: TensorId, context: KernelContext): Factor[] {
  const to = imageDims(context.dims(whole));
  return srcs.map((src) => ({
    values: context.data(src),
    index: indexOf(imageDims(context.dims(src)), to),
  }));
}

function indexOf(from: ImageDims, to: ImageDims): (element: number) => number {
  const [pixels, ownPixels] = [to.height * to.width, from.height * from.width];
  const perSample = elementCount([from.channels, ownPixels]);
  return (element) => {
    const plane = Math.floor(element / pixels);
    const channel = from.channels === 1 ? 0 : plane % to.channels;
    const pixel = ownPixels === 1 ? 0 : element % pixels;
    return Math.floor(plane / to.channels) * perSample + channel * ownPixels + pixel;
  };
}
