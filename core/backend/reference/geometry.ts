import { must } from '../../diagnostics/invariantError.ts';
import type { Window } from '../../program/instruction.ts';
import type { Shape } from '../../program/shape.ts';

export interface ImageDims {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Splits `[C, H, W]`; a feature vector `[F]` counts as F channels of one pixel. */
export function imageDims(dims: Shape): ImageDims {
  const [channels, height = 1, width = 1] = dims;
  return { channels: must(channels, 'channels'), height, width };
}

/** For each tap of the window and each output coordinate, the input coordinate; -1 in the padding. */
export interface WindowTaps {
  readonly rows: readonly (readonly number[])[];
  readonly columns: readonly (readonly number[])[];
}

/** Computes the taps of `window` over `input`: `input = output * stride - padding + tap * dilation`. */
export function windowTaps(window: Window, input: ImageDims, output: ImageDims): WindowTaps {
  const [top, left] = window.padding;
  return {
    rows: axisTaps(window, 0, top, input.height, output.height),
    columns: axisTaps(window, 1, left, input.width, output.width),
  };
}

function axisTaps(
  window: Window,
  axis: 0 | 1,
  padding: number,
  inputSize: number,
  outputSize: number,
): number[][] {
  return Array.from({ length: window.kernel[axis] }, (_, tap) =>
    Array.from({ length: outputSize }, (__, position) => {
      const at = position * window.stride[axis] - padding + tap * window.dilation[axis];
      return at < inputSize ? Math.max(at, -1) : -1;
    }),
  );
}
