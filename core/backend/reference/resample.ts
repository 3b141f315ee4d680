import type { Interpolation } from '../../program/instruction.ts';
import type { TensorId } from '../../program/tensor.ts';
import { imageDims } from './geometry.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { addTo, at } from './values.ts';

/*
 * src [N, C, H, W], dst [N, C, P, Q]. Along each axis an output stands on one or two inputs with weights that add up to
 * 1:
 * nearest:  floor(y * H / P)
 * bilinear: v = (y + 0.5) * H / P - 0.5, held in 0 to H - 1; floor(v) with weight 1 - frac(v), and the next with
 * frac(v)
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

/** Inputs under each output position of an axis. */
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

/** Gives a walk over all pairs of an input and an output that stands on it, over all planes. */
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
