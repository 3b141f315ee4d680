import type { TensorId } from '../../program/tensor.ts';
import { imageDims } from './geometry.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { addTo, at } from './values.ts';

/*
 * src [N, C, H, W], dst [N, C, P, Q]; R(p) = rows floor(p * H / P) … ceil((p + 1) * H / P) - 1, columns likewise; m the
 * number of positions in R(p) x R(q).
 * Forward:  dst[p, q] = 1/m * sum over R(p) x R(q) of src
 * Backward: diffSrc[each of R(p) x R(q)] += diffDst[p, q] / m
 */
export const adaptiveAveragePoolForward: Kernel<'adaptiveAveragePoolForward'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const walk = partWalk(instruction.src, instruction.dst, context);
  return () => {
    walk((output, positions) => {
      let sum = 0;
      for (const position of positions) sum += at(src, position);
      dst[output] = sum / positions.length;
    });
  };
};

export const adaptiveAveragePoolBackward: Kernel<'adaptiveAveragePoolBackward'> = (instruction, context) => {
  const diffDst = context.data(instruction.diffDst);
  const diffSrc = context.data(instruction.diffSrc);
  const walk = partWalk(instruction.diffSrc, instruction.diffDst, context);
  return () => {
    diffSrc.fill(0);
    walk((output, positions) => {
      const share = at(diffDst, output) / positions.length;
      for (const position of positions) addTo(diffSrc, position, share);
    });
  };
};

/** The input positions of each output along an axis. */
function axisParts(inputSize: number, outputSize: number): number[][] {
  return Array.from({ length: outputSize }, (_, index) => {
    const first = Math.floor((index * inputSize) / outputSize);
    const end = Math.ceil(((index + 1) * inputSize) / outputSize);
    return Array.from({ length: end - first }, (__, offset) => first + offset);
  });
}

type VisitPart = (output: number, positions: readonly number[]) => void;

/** Returns a function that visits all outputs, each with the positions of its inputs in row order. */
function partWalk(input: TensorId, output: TensorId, context: KernelContext): (visit: VisitPart) => void {
  const from = imageDims(context.dims(input));
  const to = imageDims(context.dims(output));
  const columns = axisParts(from.width, to.width);
  const parts = axisParts(from.height, to.height).flatMap((ys) =>
    columns.map((xs) => ys.flatMap((y) => xs.map((x) => y * from.width + x))),
  );
  return (visit) => {
    for (let plane = 0; plane < context.batch * from.channels; plane += 1) {
      const start = plane * from.height * from.width;
      for (const [index, positions] of parts.entries()) {
        visit(
          plane * parts.length + index,
          positions.map((position) => start + position),
        );
      }
    }
  };
}
