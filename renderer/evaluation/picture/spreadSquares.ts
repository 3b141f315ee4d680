import { sizeOf, type Tensor } from './tensorValues.ts';

/** Squares that covered a picture, one for each value of a map: their side, and the distance between two corners. */
export interface Squares {
  readonly size: number;
  readonly stride: number;
}

/**
 * The values of squares on the pixels of the picture, `height` x `width`: each pixel gets the mean of the squares that
 * covered it. Value `[row, column]` belongs to the square whose upper left corner is at `row * stride`, `column *
 * stride`; pixels that no square covered get 0.
 */
export function spreadSquares(map: Tensor, { size, stride }: Squares, height: number, width: number): Tensor {
  const { height: rows, width: columns } = sizeOf(map);
  const [sums, counts] = [new Float64Array(height * width), new Uint32Array(height * width)];
  for (let at = 0; at < rows * columns; at += 1) {
    const value = map.values[at] ?? 0;
    const [top, left] = [Math.floor(at / columns) * stride, (at % columns) * stride];
    for (let y = top; y < Math.min(height, top + size); y += 1)
      for (let x = left; x < Math.min(width, left + size); x += 1) {
        const pixel = y * width + x;
        sums[pixel] = (sums[pixel] ?? 0) + value;
        counts[pixel] = (counts[pixel] ?? 0) + 1;
      }
  }
  const values = Float32Array.from(sums, (sum, pixel) => (counts[pixel] ? sum / (counts[pixel] ?? 1) : 0));
  return { shape: [height, width], values };
}
