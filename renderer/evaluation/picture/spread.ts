/** The values of one class over several batches. */
export interface Spread {
  readonly min: number;
  /** First quartile, median and third quartile, by linear interpolation. */
  readonly low: number;
  readonly median: number;
  readonly high: number;
  readonly max: number;
  /** `max - min`: 0 exactly where no batch changes the value. */
  readonly spread: number;
}

/** The spread of values; null without any, and where one is not finite. */
export function spreadOf(values: readonly (number | null)[]): Spread | null {
  const finite = values.filter((value) => value !== null && Number.isFinite(value)) as number[];
  if (finite.length === 0 || finite.length < values.length) return null;
  const sorted = finite.toSorted((a, b) => a - b);
  const at = (share: number): number => quantile(sorted, share);
  const [min, max] = [at(0), at(1)];
  return { min, low: at(0.25), median: at(0.5), high: at(0.75), max, spread: max - min };
}

/** The quantile of sorted values, linear between two of them (the default of NumPy). */
function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low = 0, high = low] = [sorted[below], sorted[Math.min(sorted.length - 1, below + 1)]];
  return low + (high - low) * (place - below);
}
