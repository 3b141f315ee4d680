import { sideBeforeCrop } from '#core/document/crop.ts';
import type { DecodeTarget } from './target.ts';

/** One axis: the source is resized to `full` pixels, of which `count` from `first` on are kept and placed at `at`. */
export interface Span {
  readonly full: number;
  readonly first: number;
  readonly count: number;
  readonly at: number;
}

/**
 * The position of an upright image in its target, in pixels. Stretch, fit and cover: sizes round half up, to at least
 * 1; an odd pixel of padding goes after the image (fit), an odd pixel of cropping before it (cover). Crop: see
 * `placeCrop`. The same as `workers/native/image/placement.cc`.
 */
export function place(width: number, height: number, target: DecodeTarget): { x: Span; y: Span } {
  if (target.resize === 'crop') return placeCrop(width, height, target);
  const byWidth = width / target.width;
  const byHeight = height / target.height;
  const widthDecides = target.resize === 'fit' ? byWidth > byHeight : byWidth < byHeight;
  const keeps = target.resize !== 'stretch';
  const fullWidth = keeps && !widthDecides ? rounded(width / byHeight) : target.width;
  const fullHeight = keeps && widthDecides ? rounded(height / byWidth) : target.height;
  return { x: spanOf(fullWidth, target.width), y: spanOf(fullHeight, target.height) };
}

/**
 * As torchvision's `Resize` of the shorter side and `CenterCrop`: the image is resized to cover an area larger than the
 * target by the fraction; its longer side rounds down, and half a pixel of the crop's offset rounds to even. Where the
 * target is no square, both sides of that area are covered.
 */
function placeCrop(width: number, height: number, target: DecodeTarget): { x: Span; y: Span } {
  const wide = sideBeforeCrop(target.width, target.cropFraction);
  const high = sideBeforeCrop(target.height, target.cropFraction);
  const widthDecides = width * high < height * wide;
  return {
    x: centred(widthDecides ? wide : Math.floor((high * width) / height), target.width),
    y: centred(widthDecides ? Math.floor((wide * height) / width) : high, target.height),
  };
}

/** `round((full - wanted) / 2)` of Python before the kept pixels. */
function centred(full: number, wanted: number): Span {
  const removed = full - wanted;
  const half = Math.floor(removed / 2);
  return { full, first: removed % 2 === 1 && half % 2 === 1 ? half + 1 : half, count: wanted, at: 0 };
}

/**
 * The factor by which a JPEG of this upright size is decoded smaller: the largest that covers it, but 1 for crop, which
 * gives the very pixels of torchvision.
 */
export function decodeScale(width: number, height: number, target: DecodeTarget): number {
  return target.resize === 'crop' ? 1 : coveringScale(width, height, target);
}

/**
 * The largest factor of 8, 4, 2, 1 by which an image of this upright size can be decoded smaller and still be at least
 * as large as the full size.
 */
export function coveringScale(width: number, height: number, target: DecodeTarget): number {
  const { x, y } = place(width, height, target);
  return [8, 4, 2].find((scale) => width >= scale * x.full && height >= scale * y.full) ?? 1;
}

function rounded(value: number): number {
  return Math.max(1, Math.round(value));
}

function spanOf(full: number, wanted: number): Span {
  if (full >= wanted) return { full, first: Math.floor((full - wanted + 1) / 2), count: wanted, at: 0 };
  return { full, first: 0, count: full, at: Math.floor((wanted - full) / 2) };
}
