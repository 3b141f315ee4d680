import type { Augmentation } from '../augmentation.ts';
import { createAugmenter } from '../augmenter.ts';
import type { ImageSize } from '../image.ts';
import { openStream } from '../../training/random.ts';

/** For tests: an image of noise. */
export function noiseImage(size: ImageSize, seed = 1): Uint8Array {
  const random = openStream(seed, 'noise picture');
  return Uint8Array.from({ length: size.height * size.width * size.channels }, () => random.below(256));
}

export interface Draw {
  readonly seed?: number;
  readonly epoch?: number;
  readonly sample?: number;
  readonly mean?: readonly number[];
}

/** For tests: one image, augmented as one sample of one epoch. */
export function augmented(
  source: Uint8Array,
  size: ImageSize,
  augmentation: Partial<Augmentation>,
  { seed = 1, epoch = 0, sample = 0, mean = [100, 110, 120] }: Draw = {},
): Uint8Array {
  const into = new Uint8Array(source.length);
  createAugmenter({ augmentation: { border: 'black', ...augmentation }, seed, mean, ...size }).augment(
    source,
    0,
    into,
    0,
    epoch,
    sample,
  );
  return into;
}
