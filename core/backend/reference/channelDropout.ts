import { dropoutHash, dropoutKey, dropoutThreshold } from '../../program/dropoutHash.ts';
import { imageDims } from './geometry.ts';
import type { Kernel } from './kernel.ts';
import { at } from './values.ts';

/*
 * src, dst [N, C, H, W] or [N, F]; channel c of sample n is kept when dropoutHash(key of step and block, n*C + c) >=
 * rate * 2^32.
 * Forward:  dst = kept ? src / (1 - rate) : 0, the same for all pixels of a channel (Tompson et al. 2015,
 *           arXiv 1411.4280, section 3.2)
 * Backward: the same on the gradient.
 */
export const channelDropout: Kernel<'channelDropout'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const { height, width } = imageDims(context.dims(instruction.src));
  const threshold = dropoutThreshold(instruction.rate);
  const scale = 1 / (1 - instruction.rate);
  return ({ scalars }) => {
    const key = dropoutKey(scalars.randomKey, instruction.salt);
    for (let i = 0; i < dst.length; i += 1) {
      const channel = Math.floor(i / (height * width));
      dst[i] = dropoutHash(key, channel) >= threshold ? at(src, i) * scale : 0;
    }
  };
};
