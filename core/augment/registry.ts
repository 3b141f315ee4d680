import { keysOf } from '../diagnostics/entries.ts';
import type { Transform } from './definition.ts';
import { blur } from './transforms/blur.ts';
import { colorJitter } from './transforms/colorJitter.ts';
import { cutout } from './transforms/cutout.ts';
import { horizontalFlip, verticalFlip } from './transforms/flips.ts';
import { grayscale } from './transforms/grayscale.ts';
import { cutmix, mixup } from './transforms/mixing.ts';
import { noise } from './transforms/noise.ts';
import { randAugment } from './transforms/randAugment.ts';
import { randomResizedCrop } from './transforms/randomResizedCrop.ts';
import { rotate } from './transforms/rotate.ts';
import { scale } from './transforms/scale.ts';
import { shear } from './transforms/shear.ts';
import { shift } from './transforms/shift.ts';

/**
 * Every transform, in the order in which they are applied; the order in which they were switched on does not matter.
 */
export const TRANSFORMS = {
  randomResizedCrop,
  horizontalFlip,
  verticalFlip,
  shear,
  scale,
  rotate,
  shift,
  randAugment,
  colorJitter,
  grayscale,
  blur,
  noise,
  cutout,
  mixup,
  cutmix,
} as const;

export type TransformName = keyof typeof TRANSFORMS;

/** Names in the order in which the transforms are applied. */
export const TRANSFORM_NAMES = keysOf(TRANSFORMS);

/** Returns a transform under its common type. */
export function transformOf(name: TransformName): Transform {
  return TRANSFORMS[name];
}
