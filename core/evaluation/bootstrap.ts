import { Draws, sampleKey } from '../augment/draws.ts';
import type { ShareInterval } from '../training/wilson.ts';
import type { Tick } from './logitRows.ts';

/** Samples that are drawn, and the seed of the draws: the same images give the same intervals on every machine. */
export const REPLICATES = 1000;
export const BOOTSTRAP_SEED = 0;
const SALT = 0x626f6f74;

/**
 * Intervals of 95 % by the percentile bootstrap (Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter
 * 13): `figures` is computed on `REPLICATES` samples of `size` images, drawn with repetition by counting
 * (docs/adr/0005), and gives one number for each interval. The bounds are the quantiles 0.025 and 0.975, interpolated
 * linearly. A figure that is not defined on a sample is NaN and is left out there; null where it is defined on none.
 */
export async function bootstrapIntervals(
  size: number,
  figures: (drawn: Uint32Array) => readonly number[],
  tick: Tick,
): Promise<readonly (ShareInterval | null)[]> {
  const draws = new Draws();
  const drawn = new Uint32Array(size);
  const columns: Float64Array[] = [];
  for (let replicate = 0; replicate < REPLICATES; replicate += 1) {
    await tick(replicate, REPLICATES);
    draws.open(sampleKey(BOOTSTRAP_SEED, 0, replicate), SALT);
    for (let at = 0; at < size; at += 1) drawn[at] = draws.below(size);
    figures(drawn).forEach((value, at) => {
      const column = (columns[at] ??= new Float64Array(REPLICATES).fill(NaN));
      column[replicate] = value;
    });
  }
  return columns.map(intervalOf);
}

function intervalOf(column: Float64Array): ShareInterval | null {
  const values = column.filter((value) => !Number.isNaN(value)).sort();
  if (values.length === 0) return null;
  return { low: quantile(values, 0.025), high: quantile(values, 0.975) };
}

/** A quantile of sorted values, interpolated linearly, as `numpy.quantile` does by default. */
export function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? NaN;
  const high = sorted[Math.min(sorted.length - 1, below + 1)] ?? NaN;
  return low + (place - below) * (high - low);
}
