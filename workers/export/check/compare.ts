import { InvariantError } from '#core/diagnostics/invariantError.ts';
import { decidedClass } from '#core/export/readout.ts';

/**
 * Tolerance for the rounding of two float32 engines: largest difference of logits, relative to the largest logit (or to
 * 1 where all are smaller).
 */
const RELATIVE_TOLERANCE = 1e-4;

export interface Agreement {
  readonly maxAbsDiff: number;
  /** Largest difference of a logit relative to the largest logit of its sample. */
  readonly maxRelDiff: number;
  readonly top1Agreement: number;
  /** The tolerance for `maxAbsDiff`. */
  readonly tolerance: number;
  /**
   * How much float32 rounding alone changes the logits of this network, where that exceeds the usual tolerance and was
   * measured; else null.
   */
  readonly rounding: number | null;
}

/** Compares two sets of logits `[count, values per sample]`; any NaN makes both differences NaN. */
export function compareLogits(own: Float64Array, read: Float64Array, count: number): Agreement {
  if (own.length !== read.length) throw new InvariantError(`${own.length} logits against ${read.length}`);
  const width = own.length / count;
  const rowOf = (logits: Float64Array, n: number): Float64Array =>
    logits.subarray(n * width, (n + 1) * width);
  let same = 0;
  let relative = 0;
  for (let n = 0; n < count; n += 1) {
    const [mine, theirs] = [rowOf(own, n), rowOf(read, n)];
    if (decidedClass(mine) === decidedClass(theirs)) same += 1;
    relative = Math.max(relative, relativeDifference(mine, theirs));
  }
  return {
    maxAbsDiff: largestDifference(own, read),
    maxRelDiff: relative,
    top1Agreement: same / count,
    tolerance: RELATIVE_TOLERANCE * scaleOf(own),
    rounding: null,
  };
}

/** Largest absolute difference of one sample's logits, relative to the largest logit of both; 0 where all are 0. */
function relativeDifference(own: Float64Array, read: Float64Array): number {
  const difference = largestDifference(own, read);
  return difference === 0 ? 0 : difference / Math.max(largestOf(own), largestOf(read));
}

function largestOf(logits: Float64Array): number {
  return logits.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
}

/** The largest logit, or 1 where all are smaller. */
export function scaleOf(logits: Float64Array): number {
  return Math.max(1, largestOf(logits));
}

/** Largest absolute difference; NaN when any value is NaN. */
export function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, value, at) => Math.max(largest, Math.abs(value - (b[at] ?? NaN))), 0);
}
