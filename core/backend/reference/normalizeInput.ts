import { imageDims } from './geometry.ts';
import type { Kernel } from './kernel.ts';

/*
 * Forward: dst[n, c, y, x] = (src[n, y, x, s] - mean[c]) * scale[c] with s = c, or C - 1 - c where channels are
 * reversed; src uint8 [N, H, W, C], dst [N, C, H, W].
 * Backward: none; bytes have no gradient.
 */
export const normalizeInput: Kernel<'normalizeInput'> = (instruction, context) => {
  const { channels, height, width } = imageDims(context.dims(instruction.dst));
  const dst = context.data(instruction.dst);
  const pixels = height * width;
  return ({ images }) => {
    for (let c = 0; c < channels; c += 1) {
      const mean = instruction.mean[c] ?? NaN;
      const scale = instruction.scale[c] ?? NaN;
      const from = instruction.reversesChannels ? channels - 1 - c : c;
      for (let n = 0; n < context.batch; n += 1) {
        const start = (n * channels + c) * pixels;
        for (let i = 0; i < pixels; i += 1) {
          const byte = images[(n * pixels + i) * channels + from] ?? NaN;
          dst[start + i] = (byte - mean) * scale;
        }
      }
    }
  };
};
