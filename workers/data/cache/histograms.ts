/** Histograms of byte values per channel: 256 counts each, exact for any number of images. */
export type Histograms = readonly Float64Array[];

export function emptyHistograms(channels: number): Histograms {
  return Array.from({ length: channels }, () => new Float64Array(256));
}

/** Adds the bytes of images laid out `[..., channels]` to the counts. */
export function countPixels(histograms: Histograms, pixels: Uint8Array): void {
  const channels = histograms.length;
  histograms.forEach((counts, channel) => {
    for (let at = channel; at < pixels.length; at += channels) {
      const value = pixels[at] ?? 0;
      counts[value] = (counts[value] ?? 0) + 1;
    }
  });
}

export interface ChannelStatistics {
  readonly mean: number[];
  /** Population standard deviation, at least `MIN_DEVIATION`. */
  readonly deviation: number[];
}

/**
 * Minimum deviation of a channel, in byte units: one grey level. A channel that varies less carries no information, and
 * dividing by its true deviation would amplify rounding errors (or divide by zero, for images of one colour).
 */
export const MIN_DEVIATION = 1;

/** Exact mean and population deviation per channel, in byte units, in two passes over the counts in float64. */
export function statisticsOf(histograms: readonly ArrayLike<number>[]): ChannelStatistics {
  const statistics: ChannelStatistics = { mean: [], deviation: [] };
  for (const counts of histograms) {
    const values = Array.from({ length: 256 }, (_, value) => value);
    const sumOf = (term: (value: number) => number): number =>
      values.reduce((sum, value) => sum + (counts[value] ?? 0) * term(value), 0);
    const pixels = Math.max(
      1,
      sumOf(() => 1),
    );
    const mean = sumOf((value) => value) / pixels;
    const variance = sumOf((value) => (value - mean) ** 2) / pixels;
    statistics.mean.push(mean);
    statistics.deviation.push(Math.max(MIN_DEVIATION, Math.sqrt(variance)));
  }
  return statistics;
}
