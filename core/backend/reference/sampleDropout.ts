import { dropoutHash, dropoutKey, dropoutThreshold } from '../../program/dropoutHash.ts';
import type { Kernel } from './kernel.ts';
import { at } from './values.ts';

/*
 * src, dst [N, ...]; sample n is kept when dropoutHash(key of step and block, n) >= rate * 2^32.
 * Forward:  dst = kept ? src / (1 - rate) : 0, the same for all values of a sample (Huang et al. 2016, arXiv 1603.09382,
 *           scaled in training as by torchvision.ops.stochastic_depth)
 * Backward: the same on the gradient.
 */
export const sampleDropout: Kernel<'sampleDropout'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const sampleSize = dst.length / context.batch;
  const threshold = dropoutThreshold(instruction.rate);
  const scale = 1 / (1 - instruction.rate);
  return ({ scalars }) => {
    const key = dropoutKey(scalars.randomKey, instruction.salt);
    for (let i = 0; i < dst.length; i += 1) {
      const sample = Math.floor(i / sampleSize);
      dst[i] = dropoutHash(key, sample) >= threshold ? at(src, i) * scale : 0;
    }
  };
};
