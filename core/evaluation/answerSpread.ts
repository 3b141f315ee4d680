/** How a number varies over several answers. Quartiles by linear interpolation, as NumPy's default. */
export interface Spread {
  readonly min: number;
  readonly lowerQuartile: number;
  readonly median: number;
  readonly upperQuartile: number;
  readonly max: number;
}

/** The spread of numbers, of which there must be one at least. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const quantile = (share: number): number => {
    const place = share * (sorted.length - 1);
    const below = Math.floor(place);
    const low = sorted[below] ?? NaN;
    return low + (place - below) * ((sorted[below + 1] ?? low) - low);
  };
  return {
    ...{ min: quantile(0), lowerQuartile: quantile(0.25), median: quantile(0.5) },
    ...{ upperQuartile: quantile(0.75), max: quantile(1) },
  };
}
