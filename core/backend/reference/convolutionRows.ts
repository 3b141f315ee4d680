import type { ConvAttributes } from '../../program/instruction.ts';
import { windowRanges, type PictureDims, type TapRange } from './geometry.ts';

/**
 * Called for every run of products in one row: `dst[dstStart + i]` meets `src[srcStart + i * strideX]` and
 * `weights[weight]` for `0 <= i < count`.
 */
type VisitRow = (srcStart: number, dstStart: number, count: number, weight: number) => void;

/**
 * Walks all products of a convolution, src `[N, C, H, W]`, dst `[N, O, P, Q]`, weights `[O, C/groups, kH, kW]`. All three
 * passes are the same walk: they differ in which of the three they sum up.
 */
export function walkConvolution(
  attributes: ConvAttributes,
  batch: number,
  src: PictureDims,
  dst: PictureDims,
  visit: VisitRow,
): void {
  const { rows, columns } = windowRanges(attributes, src, dst);
  const inPerGroup = src.channels / attributes.groups;
  const outPerGroup = dst.channels / attributes.groups;
  for (let n = 0; n < batch; n += 1) {
    for (let o = 0; o < dst.channels; o += 1) {
      const firstIn = Math.floor(o / outPerGroup) * inPerGroup;
      for (let c = 0; c < inPerGroup; c += 1) {
        const srcPlane = (n * src.channels + firstIn + c) * src.height * src.width;
        const dstPlane = (n * dst.channels + o) * dst.height * dst.width;
        const taps = (o * inPerGroup + c) * rows.length * columns.length;
        walkPlane({ attributes, rows, columns, srcPlane, dstPlane, taps, src, dst }, visit);
      }
    }
  }
}

interface PlanePair {
  readonly attributes: ConvAttributes;
  readonly rows: readonly TapRange[];
  readonly columns: readonly TapRange[];
  readonly srcPlane: number;
  readonly dstPlane: number;
  /** Index of the first weight between the two planes. */
  readonly taps: number;
  readonly src: PictureDims;
  readonly dst: PictureDims;
}

function walkPlane(pair: PlanePair, visit: VisitRow): void {
  const [strideY, strideX] = pair.attributes.stride;
  let weight = pair.taps;
  for (const row of pair.rows) {
    for (const column of pair.columns) {
      const count = column.end - column.first;
      const srcX = pair.srcPlane + column.first * strideX + column.shift;
      for (let y = row.first; y < row.end && count > 0; y += 1) {
        const srcStart = srcX + (y * strideY + row.shift) * pair.src.width;
        visit(srcStart, pair.dstPlane + y * pair.dst.width + column.first, count, weight);
      }
      weight += 1;
    }
  }
}
