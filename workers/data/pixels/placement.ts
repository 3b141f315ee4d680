import type { DecodeTarget } from './target.ts';

/** One axis: the source is resized to `full` pixels, of which `count` from `first` on are kept and placed at `at`. */
export interface Span {
  readonly full: number;
  readonly first: number;
  readonly count: number;
  readonly at: number;
}

/**
 * The position of an upright image in its target, in pixels, for stretch, fit and cover. Sizes round half up, to at
 * least 1; an odd pixel of padding goes after the image (fit), an odd pixel of cropping before it (cover). The same as
 * `workers/native/image/placement.cc`.
 */
export function place(width: number, height: number, target: DecodeTarget): { x: Span; y: Span } {
  const byWidth = width / target.width;
  const byHeight = height / target.height;
  const widthDecides = target.resize === 'fit' ? byWidth > byHeight : byWidth < byHeight;
  const keeps = target.resize !== 'stretch';
  const fullWidth = keeps && !widthDecides ? rounded(width / byHeight) : target.width;
  const fullHeight = keeps && widthDecides ? rounded(height / byWidth) : target.height;
  return { x: spanOf(fullWidth, target.width), y: spanOf(fullHeight, target.height) };
}

/**
 * The largest factor of 8, 4, 2, 1 by which an image of this upright size can be decoded smaller and still be at least
 * as large as the full size.
 */
export function decodeScale(width: number, height: number, target: DecodeTarget): number {
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
