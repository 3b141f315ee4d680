import { place, type Span } from './placement.ts';
import type { DecodeTarget } from './target.ts';

/** Upright pixels, `[height, width, channels]`. */
export interface UprightPixels {
  readonly width: number;
  readonly height: number;
  /** Size of the original image, which may have been decoded smaller; determines its position in a target. */
  readonly shownWidth: number;
  readonly shownHeight: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

const WEIGHT_BITS = 22;
const HALF = 1 << (WEIGHT_BITS - 1);

/** The source pixels of each kept pixel of an axis, and their weights (sum 2^22). */
interface Taps {
  readonly first: Int32Array;
  readonly count: Int32Array;
  readonly weights: Int32Array;
  /** Number of weights stored for each kept pixel. */
  readonly width: number;
}

/**
 * Resizes by the target's policy with an antialiased bilinear filter (a triangle as wide as the source area of a
 * pixel), bit for bit as Pillow's `Image.resize(BILINEAR)`: 22 fractional bits, rows first, each pass rounded to bytes.
 * The area outside the image is black. Returns `[target.height, target.width, channels]`. This is the reference
 * implementation; `workers/native/image` computes the same numbers faster, and a test compares the two.
 */
export function resample(image: UprightPixels, target: DecodeTarget): Uint8Array {
  const { width, height, channels } = image;
  const { x, y } = place(image.shownWidth, image.shownHeight, target);
  const narrow = shrinkRows(image, makeTaps(width, x), x.count);
  const rows = makeTaps(height, y);
  const out = new Uint8Array(target.height * target.width * channels);
  const length = x.count * channels;
  for (let kept = 0; kept < y.count; kept++) {
    const sums = new Int32Array(length).fill(HALF);
    const from = rows.first[kept] ?? 0;
    for (let tap = 0; tap < (rows.count[kept] ?? 0); tap++) {
      const weight = rows.weights[kept * rows.width + tap] ?? 0;
      const row = (from + tap) * length;
      for (let at = 0; at < length; at++) sums[at] = (sums[at] ?? 0) + (narrow[row + at] ?? 0) * weight;
    }
    const to = ((y.at + kept) * target.width + x.at) * channels;
    for (let at = 0; at < length; at++) out[to + at] = toByte(sums[at] ?? 0);
  }
  return out;
}

/** `[height, count, channels]`. */
function shrinkRows(
  { width, height, channels, pixels }: UprightPixels,
  taps: Taps,
  count: number,
): Uint8Array {
  const out = new Uint8Array(height * count * channels);
  for (let row = 0; row < height; row++) {
    for (let kept = 0; kept < count; kept++) {
      const from = (row * width + (taps.first[kept] ?? 0)) * channels;
      for (let channel = 0; channel < channels; channel++) {
        let sum = HALF;
        for (let tap = 0; tap < (taps.count[kept] ?? 0); tap++)
          sum +=
            (pixels[from + tap * channels + channel] ?? 0) * (taps.weights[kept * taps.width + tap] ?? 0);
        out[(row * count + kept) * channels + channel] = toByte(sum);
      }
    }
  }
  return out;
}

/** The order of the operations determines the last bit of a weight. */
function makeTaps(source: number, span: Span): Taps {
  const scale = source / span.full;
  const stretch = Math.max(scale, 1);
  const perPixel = 1 / stretch;
  const width = Math.ceil(stretch) * 2 + 1;
  const weights = new Int32Array(width * span.count);
  const first = new Int32Array(span.count);
  const count = new Int32Array(span.count);
  for (let kept = 0; kept < span.count; kept++) {
    const centre = (span.first + kept + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - stretch + 0.5));
    const to = Math.min(source, Math.trunc(centre + stretch + 0.5));
    const exact = Float64Array.from({ length: to - from }, (_, at) =>
      triangle((at + from - centre + 0.5) * perPixel),
    );
    const sum = exact.reduce((total, weight) => total + weight, 0);
    exact.forEach((weight, at) => {
      weights[kept * width + at] = Math.trunc(0.5 + (sum === 0 ? weight : weight / sum) * 2 ** WEIGHT_BITS);
    });
    first[kept] = from;
    count[kept] = to - from;
  }
  return { first, count, weights, width };
}

function triangle(x: number): number {
  const distance = Math.abs(x);
  return distance < 1 ? 1 - distance : 0;
}

function toByte(sum: number): number {
  return Math.min(255, Math.max(0, sum >> WEIGHT_BITS));
}
