import { sizeOf, type Tensor } from './tensorValues.ts';

/**
 * A plane enlarged to `height` x `width` by bilinear interpolation; the centres of the corner pixels do not coincide
 * (`align_corners=False` of PyTorch's `interpolate`), so that every value covers an equal part of the picture.
 */
export function upsample(plane: Tensor, height: number, width: number): Tensor {
  const { height: rows, width: columns } = sizeOf(plane);
  const [down, across] = [placesOf(rows, height), placesOf(columns, width)];
  const values = new Float32Array(height * width);
  const valueAt = (row: number, column: number): number => plane.values[row * columns + column] ?? 0;
  down.forEach(({ low: top, high: bottom, share: y }, row) =>
    across.forEach(({ low: left, high: right, share: x }, column) => {
      const above = valueAt(top, left) * (1 - x) + valueAt(top, right) * x;
      const below = valueAt(bottom, left) * (1 - x) + valueAt(bottom, right) * x;
      values[row * width + column] = above * (1 - y) + below * y;
    }),
  );
  return { shape: [height, width], values };
}

interface Place {
  readonly low: number;
  readonly high: number;
  /** Weight of `high`. */
  readonly share: number;
}

/** For each of `to` pixels the two of `from` values that it lies between. */
function placesOf(from: number, to: number): Place[] {
  return Array.from({ length: to }, (_, at) => {
    const place = Math.max(0, ((at + 0.5) * from) / to - 0.5);
    const low = Math.min(from - 1, Math.floor(place));
    return { low, high: Math.min(from - 1, low + 1), share: Math.min(1, place - low) };
  });
}
