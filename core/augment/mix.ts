import type { Augmentation } from './augmentation.ts';
import type { Draws } from './draws.ts';
import { drawBeta } from './beta.ts';
import { toByte, type ImageSize } from './image.ts';

/** Salt of the random streams of mixing; see `Transform.salt`. */
const SALT = 14;
const PIXEL_SALT = 15;

/** Mixes an image with another image of the training set. The weight of each label is the share of its image. */
export interface Mixer {
  /** Number of the sample to mix with, uniform over all `samples`; -1 when the image stays as it is. */
  partnerOf(key: number, samples: number): number;
  /**
   * Mixes `other` into the image at `offset` of `into`; returns the share of the first image that is left, from 0 to 1.
   */
  blend(key: number, into: Uint8Array, offset: number, other: Uint8Array): number;
}

type Way = 'mixup' | 'cutmix' | null;

/**
 * Returns the mixer for the given settings; null when neither mixup nor CutMix is switched on. When both are
 * drawn for a sample, each is chosen with probability 1/2.
 */
export function createMixer({ mixup, cutmix }: Augmentation, size: ImageSize, draws: Draws): Mixer | null {
  if (mixup === undefined && cutmix === undefined) return null;
  const wayOf = (key: number): Way => {
    draws.open(key, SALT);
    const first = draws.chance(0.5);
    const [byMixup, byCutmix] = [
      draws.chance(mixup?.probability ?? 0),
      draws.chance(cutmix?.probability ?? 0),
    ];
    if (byMixup && byCutmix) return first ? 'mixup' : 'cutmix';
    return byMixup ? 'mixup' : byCutmix ? 'cutmix' : null;
  };
  return {
    partnerOf: (key, samples) => (wayOf(key) === null ? -1 : draws.below(samples)),
    blend: (key, into, offset, other) => {
      const way = wayOf(key);
      if (way === null) return 1;
      draws.open(key, PIXEL_SALT);
      const alpha = (way === 'mixup' ? mixup?.alpha : cutmix?.alpha) ?? 1;
      const share = drawBeta(draws, alpha);
      return way === 'mixup'
        ? blendAll(into, offset, other, share)
        : pasteBox(into, offset, other, share, size, draws);
    },
  };
}

/** `share * image + (1 - share) * other` (Zhang et al. 2018). */
function blendAll(into: Uint8Array, offset: number, other: Uint8Array, share: number): number {
  for (let at = 0; at < other.length; at += 1) {
    const value = other[at] ?? 0;
    into[offset + at] = toByte(value + ((into[offset + at] ?? 0) - value) * share);
  }
  return share;
}

/**
 * Pastes a box with `1 - share` of the area from the other image, clipped at the edge; returns the share that is left
 * (Yun et al. 2019).
 */
function pasteBox(
  into: Uint8Array,
  offset: number,
  other: Uint8Array,
  share: number,
  { height, width, channels }: ImageSize,
  draws: Draws,
): number {
  const side = Math.sqrt(1 - share);
  const [boxHeight, boxWidth] = [Math.floor(height * side), Math.floor(width * side)];
  const top = draws.below(height) - (boxHeight >> 1);
  const left = draws.below(width) - (boxWidth >> 1);
  const [bottom, right] = [Math.min(height, top + boxHeight), Math.min(width, left + boxWidth)];
  const from = Math.max(0, left);
  let pasted = 0;
  for (let row = Math.max(0, top); row < bottom; row += 1)
    for (let column = from; column < right; column += 1, pasted += 1) {
      const at = (row * width + column) * channels;
      for (let channel = 0; channel < channels; channel += 1)
        into[offset + at + channel] = other[at + channel] ?? 0;
    }
  return 1 - pasted / (height * width);
}
