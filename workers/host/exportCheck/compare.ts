import { AppError } from '#core/diagnostics/appError.ts';
import { decidedClass } from '#core/export/readout.ts';
import { InvariantError } from '#core/diagnostics/invariantError.ts';

/** How far logits may lie apart, as a share of the largest logit (or of 1 where all are smaller): two float32 engines' rounding. */
export const RELATIVE_TOLERANCE = 1e-4;

export interface Agreement {
  readonly maxAbsDiff: number;
  readonly top1Agreement: number;
  /** What `maxAbsDiff` was allowed to be. */
  readonly tolerance: number;
}

/** Compares two sets of logits `[count, numbers a sample]`; NaN anywhere makes `maxAbsDiff` NaN. */
export function compareLogits(own: Float64Array, read: Float64Array, count: number): Agreement {
  if (own.length !== read.length) throw new InvariantError(`${own.length} logits against ${read.length}`);
  let largest = 1;
  let maxAbsDiff = 0;
  own.forEach((value, at) => {
    largest = Math.max(largest, Math.abs(value));
    maxAbsDiff = Math.max(maxAbsDiff, Math.abs(value - (read[at] ?? NaN)));
  });
  const width = own.length / count;
  const rowOf = (logits: Float64Array, n: number): Float64Array =>
    logits.subarray(n * width, (n + 1) * width);
  let same = 0;
  for (let n = 0; n < count; n += 1)
    if (decidedClass(rowOf(own, n)) === decidedClass(rowOf(read, n))) same += 1;
  return { maxAbsDiff, top1Agreement: same / count, tolerance: RELATIVE_TOLERANCE * largest };
}

/** As `compareLogits`; throws `AppError('export-differs')` naming `where` when the difference is beyond the tolerance. */
export function requireAgreement(
  own: Float64Array,
  read: Float64Array,
  count: number,
  where: string,
): Agreement {
  const agreement = compareLogits(own, read, count);
  // Written so that NaN fails too.
  if (agreement.maxAbsDiff <= agreement.tolerance) return agreement;
  const { maxAbsDiff, tolerance } = agreement;
  throw new AppError(
    'export-differs',
    `${where} was not written, because reading it back gave logits that differ by ${maxAbsDiff.toExponential(1)}, and ${tolerance.toExponential(1)} is allowed. Export again, and report it as a fault of NormLab if it persists.`,
    { where },
  );
}
