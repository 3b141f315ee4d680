import type { PixelMap } from './imageValues.ts';

/** Squares that cover an image one after the other. Sizes in pixels. */
export interface OcclusionGrid {
  readonly rows: number;
  readonly columns: number;
  /** Side of a square. */
  readonly size: number;
  /** Distance between the upper left corners of two squares. */
  readonly stride: number;
}

interface ImageSize {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/**
 * The squares whose upper left corners are multiples of `stride`, until the last row and column of the image are
 * covered; those at the right and lower edge are cut off where they reach beyond it.
 */
export function occlusionGrid(
  { height, width }: ImageSize,
  { size, stride }: Pick<OcclusionGrid, 'size' | 'stride'>,
): OcclusionGrid {
  const count = (side: number): number => 1 + Math.ceil(Math.max(0, side - size) / stride);
  return { rows: count(height), columns: count(width), size, stride };
}

/**
 * Writes a copy of an image, bytes `[H, W, C]`, with square `index` of the grid (row by row) in the colour `fill`, one
 * byte for each channel.
 */
export function coverSquare(
  grid: OcclusionGrid,
  index: number,
  picture: ImageSize & { readonly bytes: Uint8Array },
  fill: Uint8Array,
  into: Uint8Array,
): void {
  const { channels, height, width, bytes } = picture;
  const top = Math.floor(index / grid.columns) * grid.stride;
  const left = (index % grid.columns) * grid.stride;
  const bottom = Math.min(height, top + grid.size);
  const right = Math.min(width, left + grid.size);
  into.set(bytes);
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) into.set(fill, (y * width + x) * channels);
  }
}

/**
 * The colour of a covered square: the mean of each channel over the training images, rounded to bytes. `mean` is in the
 * order of the network's input, the bytes are RGB.
 */
export function meanColour(mean: readonly number[], channelOrder: 'bgr' | undefined): Uint8Array {
  const ordered = channelOrder === 'bgr' ? mean.toReversed() : mean;
  return Uint8Array.from(ordered, (value) => Math.min(255, Math.max(0, Math.round(value))));
}

/**
 * The values of all squares over the pixels of the image, `[H, W]`: the mean over the squares that cover a pixel; 0
 * between squares that leave gaps.
 */
export function spreadSquares(
  { rows, columns, size, stride }: OcclusionGrid,
  values: ArrayLike<number>,
  { height, width }: ImageSize,
): PixelMap {
  const sums = new Float64Array(height * width);
  const counts = new Uint32Array(height * width);
  for (let square = 0; square < rows * columns; square += 1) {
    const top = Math.floor(square / columns) * stride;
    const left = (square % columns) * stride;
    for (let y = top; y < Math.min(height, top + size); y += 1) {
      for (let x = left; x < Math.min(width, left + size); x += 1) {
        sums[y * width + x] = (sums[y * width + x] ?? 0) + (values[square] ?? NaN);
        counts[y * width + x] = (counts[y * width + x] ?? 0) + 1;
      }
    }
  }
  return { height, width, values: Float32Array.from(sums, (sum, at) => sum / Math.max(1, counts[at] ?? 1)) };
}
