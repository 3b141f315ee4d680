import { shareOf, type Estimate } from './estimate.ts';

/** Number of bins, as in Guo et al. 2017 ("On Calibration of Modern Neural Networks", arXiv 1706.04599). */
export const CALIBRATION_BINS = 15;

/** The images whose confidence is above `low` and at most `high`. */
export interface CalibrationBin {
  readonly low: number;
  readonly high: number;
  readonly images: number;
  /** Null for a bin without images. */
  readonly confidence: number | null;
  readonly accuracy: Estimate | null;
}

/** Images of each bin, the sum of their confidences, and how many are right. */
interface BinSums {
  readonly images: Float64Array;
  readonly confidence: Float64Array;
  readonly right: Float64Array;
}

/** What calibration needs of each image; `right` is 1 where the decided class is the true one. */
export interface Confidences {
  readonly confidence: Float64Array;
  readonly right: Uint8Array;
}

/** Sorts images into bins of equal width over 0 … 1; `drawn`: which images, with repetitions. */
export function binSums(
  { confidence, right }: Confidences,
  drawn: Uint32Array | null,
  bins = CALIBRATION_BINS,
): BinSums {
  const sums = {
    images: new Float64Array(bins),
    confidence: new Float64Array(bins),
    right: new Float64Array(bins),
  };
  const size = drawn?.length ?? confidence.length;
  for (let at = 0; at < size; at += 1) {
    const image = drawn === null ? at : (drawn[at] ?? 0);
    const sure = confidence[image] ?? NaN;
    const bin = binOf(sure, bins);
    sums.images[bin] = (sums.images[bin] ?? 0) + 1;
    sums.confidence[bin] = (sums.confidence[bin] ?? 0) + sure;
    sums.right[bin] = (sums.right[bin] ?? 0) + (right[image] ?? 0);
  }
  return sums;
}

/** The bin `(bin / bins, (bin + 1) / bins]`; the first one contains 0 too. */
function binOf(sure: number, bins: number): number {
  let bin = Math.min(bins - 1, Math.max(0, Math.ceil(sure * bins) - 1));
  // The product is rounded, the bounds are those that a reader compares with.
  if (bin > 0 && sure <= bin / bins) bin -= 1;
  else if (bin < bins - 1 && sure > (bin + 1) / bins) bin += 1;
  return bin;
}

/** The bins as a diagram shows them. */
export function calibrationBins({ images, confidence, right }: BinSums): CalibrationBin[] {
  return Array.from(images, (count, bin) => ({
    low: bin / images.length,
    high: (bin + 1) / images.length,
    images: count,
    confidence: count === 0 ? null : (confidence[bin] ?? NaN) / count,
    accuracy: shareOf(right[bin] ?? NaN, count),
  }));
}

/**
 * Expected and maximum calibration error (Naeini et al. 2015; Guo et al. 2017, equations 3 and 5): the mean, weighted
 * by images, and the maximum over bins of the distance between accuracy and mean confidence.
 */
export function calibrationErrors({ images, confidence, right }: BinSums): {
  expected: number;
  maximum: number;
} {
  const all = images.reduce((sum, count) => sum + count, 0);
  let [expected, maximum] = [0, 0];
  images.forEach((count, bin) => {
    if (count === 0) return;
    const gap = Math.abs((right[bin] ?? NaN) - (confidence[bin] ?? NaN));
    expected += gap / all;
    maximum = Math.max(maximum, gap / count);
  });
  return { expected, maximum };
}
