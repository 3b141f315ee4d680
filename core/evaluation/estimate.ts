import { wilsonInterval, type ShareInterval } from '../training/wilson.ts';

/**
 * How an interval of 95 % was found.
 * - wilson: score interval of a share (`core/training/wilson.ts`).
 * - bootstrap: percentiles over samples of the images, drawn with repetition (`bootstrap.ts`).
 * - delong: normal interval with DeLong's variance (`rocAuc.ts`).
 */
type IntervalMethod = 'wilson' | 'bootstrap' | 'delong';

/** A figure with its interval of 95 %; null where the interval is not defined. */
export interface Estimate {
  readonly value: number;
  readonly interval: ShareInterval | null;
  readonly method: IntervalMethod;
}

/** A share of images with its Wilson interval; null for no images. */
export function shareOf(hits: number, count: number): Estimate | null {
  if (count === 0) return null;
  return { value: hits / count, interval: wilsonInterval(hits, count), method: 'wilson' };
}
