import type { Shape } from '../../program/shape.ts';
import { imageDims } from './geometry.ts';
import type { KernelContext } from './kernel.ts';
import { at } from './values.ts';

/** `[N, C, H, W]` or `[N, F]` seen as channels of `count = N*H*W` (or `N`) values each. */
export interface ChannelView {
  readonly channels: number;
  /** Values per channel in the whole batch: the m of the formulas. */
  readonly count: number;
  /** Values per channel and sample, contiguous in memory. */
  readonly pixels: number;
  readonly batch: number;
}

export function channelView(dims: Shape, context: KernelContext): ChannelView {
  const { channels, height, width } = imageDims(dims);
  const pixels = height * width;
  return { channels, pixels, batch: context.batch, count: context.batch * pixels };
}

/** Calls `visit` with the index of each element of `channel`, samples in order. */
export function forEachOfChannel(view: ChannelView, channel: number, visit: (index: number) => void): void {
  for (let n = 0; n < view.batch; n += 1) {
    const start = (n * view.channels + channel) * view.pixels;
    for (let i = start; i < start + view.pixels; i += 1) visit(i);
  }
}

/**
 * Mean and biased variance of one channel over the batch, in two passes: `mu = sum x / m`, `var = sum (x - mu)^2 / m`.
 */
export function channelMoments(
  values: Float64Array,
  view: ChannelView,
  channel: number,
): { mean: number; variance: number } {
  let sum = 0;
  forEachOfChannel(view, channel, (i) => {
    sum += at(values, i);
  });
  const mean = sum / view.count;
  let squares = 0;
  forEachOfChannel(view, channel, (i) => {
    const centred = at(values, i) - mean;
    squares += centred * centred;
  });
  return { mean, variance: squares / view.count };
}
