import { numberSchema } from '../diagnostics/number.ts';

/** 224 of 256 pixels: torchvision's `Resize(256)` and `CenterCrop(224)`. */
export const DEFAULT_CROP_FRACTION = 0.875;

/** The least fraction keeps the size before the crop within ten times the input. */
export const LEAST_CROP_FRACTION = 0.1;

/** The part of each side of the resized image that the crop keeps. */
export const cropFractionSchema = numberSchema.min(LEAST_CROP_FRACTION).max(1);

/**
 * The side in pixels that an image is resized to before its centre of `size` pixels is cropped: `size / fraction`,
 * rounded half up. The same as in `workers/native/image/placement.cc`.
 */
export function sideBeforeCrop(size: number, fraction: number = DEFAULT_CROP_FRACTION): number {
  return Math.round(size / fraction);
}
