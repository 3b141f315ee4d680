import { InvariantError } from '../../diagnostics/invariantError.ts';
import type { Border, PadBackward, PadForward } from '../../program/instruction.ts';
import type { TensorId } from '../../program/tensor.ts';
import { imageDims } from './geometry.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { addTo, at } from './values.ts';

/*
 * src [N, C, H, W], dst [N, C, t + H + b, l + W + r]; s(y) is the row of src at row y of dst, y' = y - t:
 * constant:  y' where it is in 0 to H - 1, else none
 * reflect:   -y' above, 2 (H - 1) - y' below
 * replicate: 0 above, H - 1 below
 * Forward:  dst[y, x] = src[s(y), s(x)], or the value where either is none
 * Backward: diffSrc[s(y), s(x)] += diffDst[y, x]
 */
export const padForward: Kernel<'padForward'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const sources = sourcesOf(instruction, instruction.src, instruction.dst, context);
  return () => {
    forEachPixel(sources, dst.length, src.length, (to, from) => {
      dst[to] = from < 0 ? instruction.value : at(src, from);
    });
  };
};

export const padBackward: Kernel<'padBackward'> = (instruction, context) => {
  const diffSrc = context.data(instruction.diffSrc);
  const diffDst = context.data(instruction.diffDst);
  const sources = sourcesOf(instruction, instruction.diffSrc, instruction.diffDst, context);
  return () => {
    diffSrc.fill(0);
    forEachPixel(sources, diffDst.length, diffSrc.length, (to, from) => {
      if (from >= 0) addTo(diffSrc, from, at(diffDst, to));
    });
  };
};

function forEachPixel(
  sources: Int32Array,
  outputs: number,
  inputs: number,
  visit: (to: number, from: number) => void,
): void {
  const planes = outputs / sources.length;
  const pixels = inputs / planes;
  for (let to = 0; to < outputs; to += 1) {
    const from = sources[to % sources.length] ?? NaN;
    visit(to, from < 0 ? -1 : Math.floor(to / sources.length) * pixels + from);
  }
}

/** For each pixel of an output plane, the index of its pixel in the input plane, or -1. */
function sourcesOf(
  { border, padding: [top, left] }: PadForward | PadBackward,
  input: TensorId,
  output: TensorId,
  context: KernelContext,
): Int32Array {
  const from = imageDims(context.dims(input));
  const to = imageDims(context.dims(output));
  return Int32Array.from({ length: to.height * to.width }, (_, index) => {
    const y = sourceAt(border, Math.floor(index / to.width) - top, from.height);
    const x = sourceAt(border, (index % to.width) - left, from.width);
    return y < 0 || x < 0 ? -1 : y * from.width + x;
  });
}

function sourceAt(border: Border, position: number, size: number): number {
  if (position >= 0 && position < size) return position;
  if (border === 'constant') return -1;
  if (border === 'replicate') return position < 0 ? 0 : size - 1;
  const mirrored = position < 0 ? -position : 2 * (size - 1) - position;
  if (mirrored < 0 || mirrored >= size) throw new InvariantError(`a mirror image beyond ${size} pixels`);
  return mirrored;
}
