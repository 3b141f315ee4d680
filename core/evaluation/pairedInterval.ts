import { InvariantError } from '../diagnostics/invariantError.ts';
import { wilsonInterval, type ShareInterval } from '../training/wilson.ts';

/**
 * A figure of two networks on the same images with its interval of 95 %; null where that is not defined.
 * - newcombe: interval of a difference of paired shares (`newcombeInterval`).
 * - bootstrap: percentiles over samples of the images, with both answers of each image (`bootstrap.ts`).
 */
export interface PairedEstimate {
  readonly value: number;
  readonly interval: ShareInterval | null;
  readonly method: 'newcombe' | 'bootstrap';
}

/** Images that both networks, only the first, only the second and neither gets right. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
}

/**
 * The interval of 95 % of the difference of two paired shares, that of the second minus that of the first: method 10 of
 * Newcombe 1998, "Improved confidence intervals for the difference between binomial proportions based on paired data",
 * Statistics in Medicine 17. It adds the Wilson intervals of both shares in squares and takes their correlation
 * `phi = (ad - bc) / sqrt((a + b)(c + d)(a + c)(b + d))` off; a positive `ad - bc` is first reduced by n / 2, not below
 * 0. There must be an image.
 */
export function newcombeInterval(counts: PairedCounts): ShareInterval {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const images = both + onlyFirst + onlySecond + neither;
  if (images === 0) throw new InvariantError('a difference of shares without images');
  const [first, second] = [both + onlyFirst, both + onlySecond];
  const phi = correlation(counts, images);
  const reach = (here: number, there: number): number =>
    Math.sqrt(Math.max(0, here * here - 2 * phi * here * there + there * there));
  const [one, other] = [wilsonInterval(first, images), wilsonInterval(second, images)];
  const [p, q] = [first / images, second / images];
  return {
    low: q - p - reach(q - other.low, one.high - p),
    high: q - p + reach(other.high - q, p - one.low),
  };
}

function correlation({ both, onlyFirst, onlySecond, neither }: PairedCounts, images: number): number {
  const product = both * neither - onlyFirst * onlySecond;
  const corrected = product > 0 ? Math.max(0, product - images / 2) : product;
  const square = (both + onlyFirst) * (onlySecond + neither) * (both + onlySecond) * (onlyFirst + neither);
  return square === 0 ? 0 : corrected / Math.sqrt(square);
}

/** The difference of two paired shares, second minus first, with its interval; null without images. */
export function differenceOfShares(counts: PairedCounts): PairedEstimate | null {
  const { both, onlyFirst, onlySecond, neither } = counts;
  const images = both + onlyFirst + onlySecond + neither;
  if (images === 0) return null;
  return { value: (onlySecond - onlyFirst) / images, interval: newcombeInterval(counts), method: 'newcombe' };
}
