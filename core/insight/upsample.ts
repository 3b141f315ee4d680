import type { PixelMap } from './imageValues.ts';

/**
 * Bilinear interpolation of a map to `height` x `width`, with pixels as areas: the values of
 * `torch.nn.functional.interpolate(mode='bilinear', align_corners=False)`. The value at the destination y is read at
 * `(y + 0.5) * rows / height - 0.5`, at least 0; beyond the last row it is that of the last row.
 */
export function upsample(map: PixelMap, height: number, width: number): PixelMap {
  const rows = placesOf(map.height, height);
  const columns = placesOf(map.width, width);
  const values = new Float32Array(height * width);
  const at = (row: number, column: number): number => map.values[row * map.width + column] ?? NaN;
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      const upper = mix(at(row.first, column.first), at(row.first, column.second), column.share);
      const lower = mix(at(row.second, column.first), at(row.second, column.second), column.share);
      values[y * width + x] = mix(upper, lower, row.share);
    }
  }
  return { height, width, values };
}

/** The two source rows of a destination row, and the share of the second one. */
interface Place {
  readonly first: number;
  readonly second: number;
  readonly share: number;
}

function placesOf(from: number, to: number): Place[] {
  return Array.from({ length: to }, (_, index) => {
    const position = Math.max(0, ((index + 0.5) * from) / to - 0.5);
    const first = Math.min(from - 1, Math.floor(position));
    return { first, second: Math.min(from - 1, first + 1), share: position - first };
  });
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
