/** How evenly the batches of an epoch are mixed; batch normalization needs every batch to resemble the whole set. */
export interface OrderMix {
  /** Mean class entropy of the batches, in bits. */
  readonly classEntropy: number;
  /** Class entropy of the whole epoch, in bits; well mixed batches come close to it. */
  readonly classEntropyOfAll: number;
  /**
   * Share of the variance of the classes that lies between the batches: 0 when mixed evenly, about 1 / batch size when
   * shuffled, 1 when sorted by class.
   */
  readonly betweenShare: number;
  /** Mean of `betweenShare` over all orders: `(batches - 1) / (samples - 1)`. */
  readonly betweenShareShuffled: number;
  /**
   * True when a shuffle would not make such an order (`LEAK_DEVIATIONS`) and the excess share is large enough to
   * matter.
   */
  readonly leaks: boolean;
}

/**
 * Standard deviations above the mean of random orders from which an order counts as leaking: less than one shuffled
 * epoch in 10^8.
 */
const LEAK_DEVIATIONS = 6;
/**
 * Excess share below which even a significant deviation is harmless for the statistics: two percent of the variance.
 */
const LEAK_SHARE = 0.02;

/**
 * Measures how an epoch's order mixes the classes. `labels[sample]` are class numbers from 0, `order` sample numbers,
 * `batches` the sizes of the consecutive batches. The between-batch share is that of the classes' indicator variables
 * together (law of total variance). The test is Pearson's chi-square on the table batch x class: for a random order its
 * mean is (B-1)(K-1), and its standard deviation the square root of twice that.
 */
export function measureOrder(
  labels: Int32Array,
  order: Uint32Array,
  batches: Iterable<number>,
  classes: number,
): OrderMix {
  const all = countClasses(labels, order, classes);
  let start = 0;
  let batchCount = 0;
  let entropySum = 0;
  let chiSquare = 0;
  let between = 0;
  for (const size of batches) {
    const counts = countClasses(labels, order.subarray(start, start + size), classes);
    const expected = all.map((count) => (count / order.length) * size);
    entropySum += entropyBits(counts);
    counts.forEach((count, index) => {
      const mean = expected[index] ?? 0;
      if (mean > 0) chiSquare += (count - mean) ** 2 / mean;
      between += (count - mean) ** 2 / size;
    });
    start += size;
    batchCount += 1;
  }
  const within = order.length - all.reduce((sum, count) => sum + count ** 2 / order.length, 0);
  const betweenShare = within > 0 ? between / within : 0;
  const betweenShareShuffled = order.length > 1 ? (batchCount - 1) / (order.length - 1) : 0;
  return {
    classEntropy: batchCount === 0 ? 0 : entropySum / batchCount,
    classEntropyOfAll: entropyBits(all),
    betweenShare,
    betweenShareShuffled,
    leaks: isBeyondChance(chiSquare, batchCount, all) && betweenShare - betweenShareShuffled > LEAK_SHARE,
  };
}

function isBeyondChance(chiSquare: number, batches: number, classCounts: readonly number[]): boolean {
  const freedom = (batches - 1) * (classCounts.filter((count) => count > 0).length - 1);
  return freedom > 0 && (chiSquare - freedom) / Math.sqrt(2 * freedom) > LEAK_DEVIATIONS;
}

function countClasses(labels: Int32Array, samples: Uint32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const sample of samples) {
    const label = labels[sample] ?? -1;
    if (label >= 0) counts[label] = (counts[label] ?? 0) + 1;
  }
  return counts;
}

function entropyBits(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let bits = 0;
  for (const count of counts) if (count > 0) bits -= (count / total) * Math.log2(count / total);
  return bits;
}
