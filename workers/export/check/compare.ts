import { InvariantError } from '#core/diagnostics/invariantError.ts';
import { decidedClass } from '#core/export/readout.ts';

/**
 * How far logits may lie apart, as a share of the largest logit (or of 1 where all are smaller): two float32 engines'
 * rounding.
 */
const RELATIVE_TOLERANCE = 1e-4;

export interface Agreement {
  readonly maxAbsDiff: number;
  readonly top1Agreement: number;
  /** What `maxAbsDiff` was allowed to be. */
  readonly tolerance: number;
  /**
   * How far float32 rounding alone moves the logits of this network, where that is more than usual and was measured;
   * else null.
   */
  readonly rounding: number | null;
}

/** Compares two sets of logits `[count, numbers a sample]`; NaN anywhere makes `maxAbsDiff` NaN. */
export function compareLogits(own: Float64Array, read: Float64Array, count: number): Agreement {
  if (own.length !== read.length) throw new InvariantError(`${own.length} logits against ${read.length}`);
  const width = own.length / count;
  const rowOf = (logits: Float64Array, n: number): Float64Array =>
    logits.subarray(n * width, (n + 1) * width);
  let same = 0;
  for (let n = 0; n < count; n += 1)
    if (decidedClass(rowOf(own, n)) === decidedClass(rowOf(read, n))) same += 1;
  return {
    maxAbsDiff: largestDifference(own, read),
    top1Agreement: same / count,
    tolerance: RELATIVE_TOLERANCE * scaleOf(own),
    rounding: null,
  };
}

/** The largest logit, or 1 where all are smaller. */
export function scaleOf(logits: Float64Array): number {
  return logits.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1);
}

/** Largest absolute difference; NaN when any number is. */
export function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((largest, value, at) => Math.max(largest, Math.abs(value - (b[at] ?? NaN))), 0);
}
