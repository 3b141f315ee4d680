import type { CalibrationBin } from '#core/evaluation/calibration.ts';

/** Sizes of the diagram in units of its view box. */
export const DIAGRAM = { left: 44, top: 8, side: 220, gap: 12, counts: 44, width: 276, height: 318 } as const;

/** A bin with images as it is drawn. */
interface BinMark {
  readonly low: number;
  readonly high: number;
  readonly images: number;
  readonly confidence: number;
  readonly accuracy: number;
  /** Bounds of the interval of the accuracy. */
  readonly range: readonly [low: number, high: number] | null;
  /** Images as a share of those in the fullest bin. */
  readonly fill: number;
}

/** The bins that have images. */
export function binMarks(bins: readonly CalibrationBin[]): readonly BinMark[] {
  const most = bins.reduce((high, { images }) => Math.max(high, images), 1);
  return bins.flatMap(({ low, high, images, confidence, accuracy }) => {
    if (confidence === null || accuracy === null) return [];
    const { value, interval } = accuracy;
    const range = interval === null ? null : ([interval.low, interval.high] as const);
    return [{ low, high, images, confidence, accuracy: value, range, fill: images / most }];
  });
}

/** Place of a probability from the left. */
export function xOf(share: number): number {
  return DIAGRAM.left + DIAGRAM.side * share;
}

/** Place of an accuracy from the top. */
export function yOf(share: number): number {
  return DIAGRAM.top + DIAGRAM.side * (1 - share);
}
