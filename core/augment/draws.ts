import { mix32 } from '../program/dropoutHash.ts';

const GOLDEN = 0x9e3779b9;

/**
 * Key of all random draws for sample `sample` in epoch `epoch` (both from 0) under a run's seed, unsigned 32-bit. It
 * does not depend on the batch, so a run has the same images for every batch size, order and point of resuming.
 */
export function sampleKey(seed: number, epoch: number, sample: number): number {
  return mix32(mix32(mix32(seed ^ 0x2c1b3c6d) + mix32(epoch ^ 0x297a2d39)) + mix32(sample ^ 0x165667b1));
}

/**
 * Counter-based random numbers (docs/adr/0005): draw `n` of a stream is a hash of (sample key, salt, n). One instance
 * is used for all streams.
 */
export class Draws {
  private key = 0;
  private count = 0;

  /** Moves to the first draw of the stream `salt` of the sample with the given key. */
  open(key: number, salt: number): void {
    this.key = mix32(key ^ mix32(Math.imul(salt, GOLDEN) ^ 0x85ebca6b));
    this.count = 0;
  }

  /** Uniform over 0 … 2^32 - 1. */
  uint32(): number {
    this.count += 1;
    return mix32(this.key + Math.imul(this.count, GOLDEN));
  }

  /** Uniform over [0, 1), 32 bits. */
  uniform(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** Uniform between two bounds, in either order. */
  between(a: number, b: number): number {
    return a + (b - a) * this.uniform();
  }

  /** Uniform over -reach … reach. */
  around(reach: number): number {
    return reach * (2 * this.uniform() - 1);
  }

  /** Uniform over 0 … bound - 1; its bias is below `bound / 2^32`. */
  below(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** True with the given probability; always at 1, never at 0. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }
}
