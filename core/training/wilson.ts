import { InvariantError } from '../diagnostics/invariantError.ts';

/** The normal quantile of a two-sided interval of 95 %. */
const Z = 1.959964;

/** An interval of a share, from 0 to 1. */
export interface ShareInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * The 95 % score interval of a share after `hits` of `count` trials (Wilson 1927, "Probable inference, the law of
 * succession, and statistical inference", J. Am. Stat. Assoc. 22): `(p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 +
 * z²/n)`. Also right for few trials and for shares of 0 and 1. `count` must be positive.
 */
export function wilsonInterval(hits: number, count: number): ShareInterval {
  if (!(count > 0 && hits >= 0 && hits <= count)) throw new InvariantError(`${hits} of ${count} trials`);
  const share = hits / count;
  const square = (Z * Z) / count;
  const middle = share + square / 2;
  const reach = Z * Math.sqrt((share * (1 - share)) / count + square / (4 * count));
  const scale = 1 + square;
  return { low: Math.max(0, (middle - reach) / scale), high: Math.min(1, (middle + reach) / scale) };
}

/** True where two intervals have a value in common. */
export function overlap(a: ShareInterval, b: ShareInterval): boolean {
  return a.low <= b.high && b.low <= a.high;
}
