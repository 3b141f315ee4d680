import { dropoutHash, dropoutKey, dropoutThreshold } from '../../program/dropoutHash.ts';
import type { Kernel } from './kernel.ts';
import { at } from './values.ts';

/*
 * src, dst of one shape; element i of the batch is kept when dropoutHash(key of step and block, i) >= rate * 2^32.
 * Forward:  dst = kept ? src / (1 - rate) : 0
 * Backward: the same on the gradient; the hash gives the same mask.
 */
export const dropout: Kernel<'dropout'> = (instruction, context) => {
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const threshold = dropoutThreshold(instruction.rate);
  const scale = 1 / (1 - instruction.rate);
  return ({ scalars }) => {
    const key = dropoutKey(scalars.randomKey, instruction.salt);
    for (let i = 0; i < dst.length; i += 1) {
      dst[i] = dropoutHash(key, i) >= threshold ? at(src, i) * scale : 0;
    }
  };
};
