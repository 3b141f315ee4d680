/** Lowest and highest value. */
export type ValueRange = [low: number, high: number];

/** Share of the samples that a range ignores at either end, so that defective pixels of a camera do not decide it. */
const OUTLIERS = 1e-4;
/** A 16-bit range that is narrower than this keeps fewer than 64 levels in the high byte. */
const FAINT_BELOW = 65_536 / 4;

/** The range of the samples without outliers; null without samples. */
export function rangeOf(samples: readonly number[]): ValueRange | null {
  const sorted = Float64Array.from(samples).sort();
  const out = Math.floor(sorted.length * OUTLIERS);
  const low = sorted[out];
  const high = sorted[sorted.length - 1 - out];
  if (low === undefined || high === undefined) return null;
  return [low, high > low ? high : low + 1];
}

/** True where the high byte of 16 bits would lose most of the contrast. */
export function isFaint([low, high]: ValueRange): boolean {
  return high - low < FAINT_BELOW;
}
