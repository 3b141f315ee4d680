import { must } from '../../diagnostics/invariantError.ts';
import type { Window } from '../../program/instruction.ts';
import type { Shape } from '../../shapes/shape.ts';

export interface PictureDims {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** `[C, H, W]` taken apart; a feature vector `[F]` counts as F channels of one pixel. */
export function pictureDims(dims: Shape): PictureDims {
  const [channels, height = 1, width = 1] = dims;
  return { channels: must(channels, 'channels'), height, width };
}

/**
 * Output positions `first <= o < end` at which one tap of the window reads inside the input: there
 * `0 <= o * stride + shift < input size`, with `shift = tap * dilation - padding`.
 */
export interface TapRange {
  readonly shift: number;
  readonly first: number;
  readonly end: number;
}

/** The range of each tap of a sliding window along both axes. */
export interface WindowRanges {
  readonly rows: readonly TapRange[];
  readonly columns: readonly TapRange[];
}

/** Lays `window` over an input that it turns into `output`. */
export function windowRanges(window: Window, input: PictureDims, output: PictureDims): WindowRanges {
  const [top, left] = window.padding;
  return {
    rows: tapRanges(window, 0, top, input.height, output.height),
    columns: tapRanges(window, 1, left, input.width, output.width),
  };
}

function tapRanges(
  window: Window,
  axis: 0 | 1,
  padding: number,
  inputSize: number,
  outputSize: number,
): TapRange[] {
  const stride = window.stride[axis];
  return Array.from({ length: window.kernel[axis] }, (_, tap) => {
    const shift = tap * window.dilation[axis] - padding;
    const first = Math.max(0, Math.ceil(-shift / stride));
    const end = Math.min(outputSize, Math.floor((inputSize - 1 - shift) / stride) + 1);
    return { shift, first, end };
  });
}
