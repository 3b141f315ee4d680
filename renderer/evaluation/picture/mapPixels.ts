import { colorOf } from './colorMap.ts';
import { sizeOf, type Tensor, type ValueRange } from './tensorValues.ts';

/** Pixels as a canvas takes them. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Where a value lies in a range, from 0 to 1; a value that is not finite, and one of an empty range, at 0. */
export function shareOf(value: number, { min, max }: ValueRange): number {
  if (!Number.isFinite(value) || max <= min) return 0;
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

/** A plane in the colours of the colour map; values outside the range get the colours of its ends. */
export function mapPixels(plane: Tensor, range: ValueRange): Pixels {
  return paint(plane, (value) => colorOf(shareOf(value, range)));
}

/** A plane in grey: the smallest value black, the largest white. */
export function greyPixels(plane: Tensor, range: ValueRange): Pixels {
  return paint(plane, (value) => {
    const grey = 255 * shareOf(value, range);
    return [grey, grey, grey];
  });
}

/** Three planes as red, green and blue, all on one scale. */
export function colourPixels(planes: readonly [Tensor, Tensor, Tensor], range: ValueRange): Pixels {
  const { height, width } = sizeOf(planes[0]);
  const rgba = new Uint8ClampedArray(height * width * 4).fill(255);
  planes.forEach(({ values }, colour) =>
    values.forEach((value, at) => (rgba[at * 4 + colour] = 255 * shareOf(value, range))),
  );
  return { width, height, rgba };
}

function paint(plane: Tensor, colour: (value: number) => readonly [number, number, number]): Pixels {
  const { height, width } = sizeOf(plane);
  const rgba = new Uint8ClampedArray(height * width * 4);
  plane.values.forEach((value, at) => rgba.set([...colour(value), 255], at * 4));
  return { width, height, rgba };
}
