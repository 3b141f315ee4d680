import type { AveragePoolBackward, AveragePoolForward, Window } from '../../program/instruction.ts';
import type { TensorId } from '../../program/tensor.ts';
import { imageDims, type ImageDims } from './geometry.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { addTo, at, sumOf } from './values.ts';

/*
 * src [N, C, H, W], dst [N, C, P, Q]; W(p, q) is the set of positions of the window at (p, q) inside src.
 * Max forward:      dst = max over W of src, the first of equals in row order; indices = its position
 * Max backward:     diffSrc[indices] += diffDst
 * Average forward:  dst = 1/m * sum over W of src; m = |W|, or kH * kW where padding counts
 * Average backward: diffSrc[each of W] += diffDst / m
 * Global average: W is the whole plane, dst [N, C].
 */
export const maxPoolForward: Kernel<'maxPoolForward'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const indices = instruction.indices === null ? null : context.data(instruction.indices);
  const walk = windowWalk(instruction, instruction.src, instruction.dst, context);
  return () => {
    walk((output, plane, positions) => {
      let best = plane + (positions[0] ?? NaN);
      for (const position of positions)
        if (at(src, plane + position) > at(src, best)) best = plane + position;
      dst[output] = at(src, best);
      if (indices !== null) indices[output] = best;
    });
  };
};

export const maxPoolBackward: Kernel<'maxPoolBackward'> = (instruction, context) => {
  const indices = context.data(instruction.indices);
  const diffDst = context.data(instruction.diffDst);
  const diffSrc = context.data(instruction.diffSrc);
  return () => {
    diffSrc.fill(0);
    for (let i = 0; i < diffDst.length; i += 1) addTo(diffSrc, at(indices, i), at(diffDst, i));
  };
};

export const averagePoolForward: Kernel<'averagePoolForward'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const walk = windowWalk(instruction, instruction.src, instruction.dst, context);
  return () => {
    walk((output, plane, positions) => {
      let sum = 0;
      for (const position of positions) sum += at(src, plane + position);
      dst[output] = sum / divisorOf(instruction, positions);
    });
  };
};

export const averagePoolBackward: Kernel<'averagePoolBackward'> = (instruction, context) => {
  const diffDst = context.data(instruction.diffDst);
  const diffSrc = context.data(instruction.diffSrc);
  const walk = windowWalk(instruction, instruction.diffSrc, instruction.diffDst, context);
  return () => {
    diffSrc.fill(0);
    walk((output, plane, positions) => {
      const share = at(diffDst, output) / divisorOf(instruction, positions);
      for (const position of positions) addTo(diffSrc, plane + position, share);
    });
  };
};

function divisorOf(pool: AveragePoolForward | AveragePoolBackward, positions: readonly number[]): number {
  return pool.countPadding ? pool.kernel[0] * pool.kernel[1] : positions.length;
}

export const globalAveragePoolForward: Kernel<'globalAveragePoolForward'> = (instruction, context) => {
  const { height, width } = imageDims(context.dims(instruction.src));
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const pixels = height * width;
  return () => {
    for (let plane = 0; plane < dst.length; plane += 1) {
      dst[plane] = sumOf(src, plane * pixels, pixels) / pixels;
    }
  };
};

export const globalAveragePoolBackward: Kernel<'globalAveragePoolBackward'> = (instruction, context) => {
  const { height, width } = imageDims(context.dims(instruction.diffSrc));
  const diffDst = context.data(instruction.diffDst);
  const diffSrc = context.data(instruction.diffSrc);
  const pixels = height * width;
  return () => {
    for (let plane = 0; plane < diffDst.length; plane += 1) {
      diffSrc.fill(at(diffDst, plane) / pixels, plane * pixels, (plane + 1) * pixels);
    }
  };
};

/**
 * `positions` are the input positions under the window in row order, relative to `plane`, the first element of their
 * plane.
 */
type VisitWindow = (output: number, plane: number, positions: readonly number[]) => void;

/** Returns a function that visits the windows of all outputs. */
function windowWalk(
  window: Window,
  input: TensorId,
  output: TensorId,
  context: KernelContext,
): (visit: VisitWindow) => void {
  const from = imageDims(context.dims(input));
  const to = imageDims(context.dims(output));
  const windows = planeWindows(window, from, to);
  const planes = context.batch * from.channels;
  const inputPixels = from.height * from.width;
  return (visit) => {
    let output = 0;
    for (let plane = 0; plane < planes; plane += 1) {
      for (const positions of windows) {
        visit(output, plane * inputPixels, positions);
        output += 1;
      }
    }
  };
}

/** For each output position of one plane, the input positions under its window in row order. */
function planeWindows(window: Window, from: ImageDims, to: ImageDims): number[][] {
  const [top, left] = window.padding;
  const rowsOf = (y: number): number[] =>
    axisPositions(y * window.stride[0] - top, window.kernel[0], window.dilation[0], from.height);
  const columnsOf = (x: number): number[] =>
    axisPositions(x * window.stride[1] - left, window.kernel[1], window.dilation[1], from.width);
  return Array.from({ length: to.height * to.width }, (_, index) => {
    const columns = columnsOf(index % to.width);
    return rowsOf(Math.floor(index / to.width)).flatMap((y) => columns.map((x) => y * from.width + x));
  });
}

function axisPositions(start: number, kernel: number, dilation: number, size: number): number[] {
  return Array.from({ length: kernel }, (_, tap) => start + tap * dilation).filter((p) => p >= 0 && p < size);
}
