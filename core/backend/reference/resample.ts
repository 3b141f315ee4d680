import type { Interpolation } from '../../program/instruction.ts';
import type { TensorId } from '../../program/tensor.ts';
import { imageDims } from './geometry.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { addTo, at } from './values.ts';

/*
 * src [N, C, H, W], dst [N, C, P, Q]. Along each axis an output is a weighted sum of one or two inputs:
 * nearest:  input floor(y * H / P)
 * bilinear: inputs floor(v) with weight 1 - frac(v) and floor(v) + 1 with weight frac(v),
 *           v = (y + 0.5) * H / P - 0.5 clamped to 0 … H - 1
 * Forward:  dst[y, x] = sum_{i,j} wy[i] * wx[j] * src[i, j]
 * Backward: diffSrc[i, j] += wy[i] * wx[j] * diffDst[y, x]
 */
export const resampleForward: Kernel<'resampleForward'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const walk = resampleWalk(instruction.interpolation, instruction.src, instruction.dst, context);
  return () => {
    dst.fill(0);
    walk((from, to, weight) => {
      addTo(dst, to, weight * at(src, from));
    });
  };
};

export const resampleBackward: Kernel<'resampleBackward'> = (instruction, context) => {
  const diffDst = context.data(instruction.diffDst);
  const diffSrc = context.data(instruction.diffSrc);
  const walk = resampleWalk(instruction.interpolation, instruction.diffSrc, instruction.diffDst, context);
  return () => {
    diffSrc.fill(0);
    walk((from, to, weight) => {
      addTo(diffSrc, from, weight * at(diffDst, to));
    });
  };
};

interface Tap {
  readonly from: number;
  readonly weight: number;
}

/** The inputs of each output position along an axis. */
function axisTaps(interpolation: Interpolation, inputSize: number, outputSize: number): Tap[][] {
  return Array.from({ length: outputSize }, (_, position) => {
    if (interpolation === 'nearest')
      return [{ from: Math.floor((position * inputSize) / outputSize), weight: 1 }];
    const centre = ((position + 0.5) * inputSize) / outputSize - 0.5;
    const held = Math.min(Math.max(centre, 0), inputSize - 1);
    const first = Math.floor(held);
    const share = held - first;
    if (share === 0) return [{ from: first, weight: 1 }];
    return [
      { from: first, weight: 1 - share },
      { from: first + 1, weight: share },
    ];
  });
}

type Visit = (from: number, to: number, weight: number) => void;

/** Returns a function that visits all pairs of an output and one of its inputs, in all planes. */
function resampleWalk(
  interpolation: Interpolation,
  input: TensorId,
  output: TensorId,
  context: KernelContext,
): (visit: Visit) => void {
  const from = imageDims(context.dims(input));
  const to = imageDims(context.dims(output));
  const rows = axisTaps(interpolation, from.height, to.height);
  const columns = axisTaps(interpolation, from.width, to.width);
  return (visit) => {
    for (let plane = 0; plane < context.batch * from.channels; plane += 1) {
      const [source, target] = [plane * from.height * from.width, plane * to.height * to.width];
      for (const [y, ys] of rows.entries()) {
        for (const [x, xs] of columns.entries()) {
          for (const i of ys) {
            for (const j of xs) {
              visit(source + i.from * from.width + j.from, target + y * to.width + x, i.weight * j.weight);
            }
          }
        }
      }
    }
  };
}
