import type { Affine } from './affine.ts';
import type { ImageSize } from './image.ts';

/**
 * The values beyond the edge of the image: black, the training mean, the edge pixel, or the mirror image without the
 * edge pixel.
 */
export const BORDERS = ['black', 'mean', 'edge', 'reflect'] as const;
export type Border = (typeof BORDERS)[number];

/** How pixels beyond the edge are computed; `fill` is `[channels]`. */
export interface Surroundings {
  readonly border: Border;
  readonly fill: Uint8Array;
}

/**
 * Samples the image at `offset` of `source` through an affine map into `into`, bilinearly between pixel centres (no
 * antialiasing where content shrinks, as torchvision's `RandomAffine`). Shifts by whole pixels and flips are exact.
 */
export function warp(
  source: Uint8Array,
  offset: number,
  into: Uint8Array,
  size: ImageSize,
  map: Affine,
  surroundings: Surroundings,
): void {
  if (map.isIdentity()) {
    for (let at = 0; at < into.length; at += 1) into[at] = source[offset + at] ?? 0;
    return;
  }
  const { height, width, channels } = size;
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  let at = 0;
  for (let row = 0; row < height; row += 1) {
    const v = row - centreY;
    for (let column = 0; column < width; column += 1, at += channels) {
      const u = column - centreX;
      const x = map.a * u + map.b * v + map.c + centreX;
      const y = map.d * u + map.e * v + map.f + centreY;
      const left = Math.floor(x);
      const top = Math.floor(y);
      if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height)
        sampleInside(source, offset + (top * width + left) * channels, into, at, size, x - left, y - top);
      else sampleAcross(source, offset, into, at, size, surroundings, x, y);
    }
  }
}

/** All four neighbours are inside the image. */
function sampleInside(
  source: Uint8Array,
  from: number,
  into: Uint8Array,
  at: number,
  { width, channels }: ImageSize,
  right: number,
  down: number,
): void {
  const below = from + width * channels;
  for (let channel = 0; channel < channels; channel += 1) {
    const a = source[from + channel] ?? 0;
    const b = source[from + channels + channel] ?? 0;
    const c = source[below + channel] ?? 0;
    const d = source[below + channels + channel] ?? 0;
    const upper = a + (b - a) * right;
    into[at + channel] = (upper + (c + (d - c) * right - upper) * down + 0.5) | 0;
  }
}

/** Some neighbours are beyond the edge. */
function sampleAcross(
  source: Uint8Array,
  offset: number,
  into: Uint8Array,
  at: number,
  size: ImageSize,
  { border, fill }: Surroundings,
  x: number,
  y: number,
): void {
  const { height, width, channels } = size;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const x0 = inside(left, width, border);
  const x1 = inside(left + 1, width, border);
  const y0 = inside(top, height, border);
  const y1 = inside(top + 1, height, border);
  const a = x0 < 0 || y0 < 0 ? -1 : offset + (y0 * width + x0) * channels;
  const b = x1 < 0 || y0 < 0 ? -1 : offset + (y0 * width + x1) * channels;
  const c = x0 < 0 || y1 < 0 ? -1 : offset + (y1 * width + x0) * channels;
  const d = x1 < 0 || y1 < 0 ? -1 : offset + (y1 * width + x1) * channels;
  const right = x - left;
  const down = y - top;
  for (let channel = 0; channel < channels; channel += 1) {
    const beyond = border === 'mean' ? (fill[channel] ?? 0) : 0;
    const valueA = a < 0 ? beyond : (source[a + channel] ?? 0);
    const valueB = b < 0 ? beyond : (source[b + channel] ?? 0);
    const valueC = c < 0 ? beyond : (source[c + channel] ?? 0);
    const valueD = d < 0 ? beyond : (source[d + channel] ?? 0);
    const upper = valueA + (valueB - valueA) * right;
    into[at + channel] = (upper + (valueC + (valueD - valueC) * right - upper) * down + 0.5) | 0;
  }
}

/** Returns the coordinate to read for `at`; -1 for the fill color. */
function inside(at: number, length: number, border: Border): number {
  if (at >= 0 && at < length) return at;
  if (border === 'edge') return at < 0 ? 0 : length - 1;
  if (border === 'reflect') return reflected(at, length);
  return -1;
}

/** Reflects about the first and last pixel without repeating them: `3 2 1 | 0 1 2 3 | 2 1 0`. */
export function reflected(at: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const place = ((at % period) + period) % period;
  return place < length ? place : period - place;
}
