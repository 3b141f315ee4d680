import { MOST_BITS, openHashIndex } from '#core/evaluation/hashIndex.ts';
import { correlationOf } from '#core/evaluation/imagePrint.ts';
import type { LIKENESSES } from '#core/evaluation/doubtRows.ts';
import type { PrintedImages } from './printImages.ts';

/** The most similar image of a part. */
interface Twin {
  readonly sample: number;
  readonly likeness: (typeof LIKENESSES)[number];
  readonly distance: number;
  readonly correlation: number;
}

/** Finds the copy of a sample of other images; `own`: the name of the sample itself, where it is in the part. */
export type TwinFinder = (images: PrintedImages, sample: number, own: string | null) => Twin | null;

/** Correlation of the small pictures from which two images count as copies. */
const LEAST_CORRELATION = 0.97;
/** Images whose small pictures are compared, those with the nearest hashes. */
const MOST_COMPARED = 64;

/**
 * Finds copies in a part: first of the same bytes, then of the same pixels, then by hashes that differ in at most 7
 * bits and a correlation of at least 0.97.
 */
export function openTwinFinder(part: PrintedImages): TwinFinder {
  const index = openHashIndex(part.low, part.high);
  const [sameBytes, samePixels] = [part.contents.finder(), part.pixels.finder()];
  return (images, sample, own) => {
    const isOther = (other: number): boolean => own === null || part.files[other] !== own;
    const exact = sameBytes(images.contents, sample).find(isOther);
    if (exact !== undefined) return { sample: exact, likeness: 'exact', distance: 0, correlation: 1 };
    const pixels = samePixels(images.pixels, sample).find(isOther);
    if (pixels !== undefined) return { sample: pixels, likeness: 'pixels', distance: 0, correlation: 1 };
    // Of many images with the same hash, as in a folder of black ones, not all are kept.
    const near: number[][] = Array.from({ length: MOST_BITS + 1 }, () => []);
    index.near(images.low[sample] ?? 0, images.high[sample] ?? 0, (other, distance) => {
      const alike = near[distance];
      if (alike !== undefined && alike.length < MOST_COMPARED && isOther(other)) alike.push(other);
    });
    const compared = near.flatMap((others, distance) => others.map((other) => ({ other, distance })));
    let best: Twin | null = null;
    for (const { other, distance } of compared.slice(0, MOST_COMPARED)) {
      const correlation = correlationOf(images.small(sample), part.small(other));
      if (correlation < LEAST_CORRELATION || correlation <= (best?.correlation ?? 0)) continue;
      best = { sample: other, likeness: 'near', distance, correlation };
    }
    return best;
  };
}
