import { ExactSum } from './exactSum.ts';
import type { Statistic } from './statistics.ts';

/** Standard errors of pooled statistics, in the units of the values and of their square. */
export interface StatisticError {
  readonly mean: number;
  readonly variance: number;
}

/**
 * Statistics of one channel over many batches, as if they were one batch: the law of total variance, weighted by count,
 *   mean = sum n_b mu_b / N,   variance = sum n_b (var_b + (mu_b - mean)^2) / N.
 * Sums are exact and taken about `centre`, a number near the mean, so the result is bitwise independent of the order of
 * the batches.
 */
export class PooledStatistic {
  readonly #centre: number;
  #batches = 0;
  #count = 0;
  readonly #shift = new ExactSum();
  readonly #square = new ExactSum();
  /** Sums over batches of n^2 times 1, a, a^2, q, q*a, q^2, with a = mu_b - centre and q = var_b + a^2. */
  readonly #weighted = [0, 0, 0, 0, 0, 0];

  constructor(centre: number) {
    this.#centre = centre;
  }

  add({ mean, variance, count }: Statistic): void {
    const a = mean - this.#centre;
    const q = variance + a * a;
    this.#batches += 1;
    this.#count += count;
    this.#shift.add(count * a);
    this.#square.add(count * q);
    [1, a, a * a, q, q * a, q * q].forEach((term, index) => {
      this.#weighted[index] = (this.#weighted[index] ?? 0) + count * count * term;
    });
  }

  result(): Statistic {
    if (this.#count === 0) return { mean: this.#centre, variance: 0, count: 0 };
    const { shift, variance } = this.#moments();
    return { mean: this.#centre + shift, variance, count: this.#count };
  }

  /**
   * Returns the standard error of the result as an estimate over infinitely many batches. It is computed from the
   * spread of the batches' values, weighted by their sizes (the ratio estimator of survey sampling, Cochran 1977,
   * section 6.4). NaN below two batches.
   */
  error(): StatisticError {
    if (this.#batches < 2) return { mean: NaN, variance: NaN };
    const { shift: m, variance: v } = this.#moments();
    const [one = 0, a = 0, aa = 0, q = 0, qa = 0, qq = 0] = this.#weighted;
    const factor = this.#batches / (this.#batches - 1) / this.#count ** 2;
    // z_b = var_b + (mu_b - mean)^2 = q - 2 m a + m^2 has the weighted mean v.
    const k = m * m - v;
    const spread = qq + 4 * m * m * aa + k * k * one - 4 * m * qa + 2 * k * q - 4 * m * k * a;
    return {
      mean: Math.sqrt(Math.max(0, factor * (aa - 2 * m * a + m * m * one))),
      variance: Math.sqrt(Math.max(0, factor * spread)),
    };
  }

  #moments(): { shift: number; variance: number } {
    const shift = this.#shift.value() / this.#count;
    return { shift, variance: Math.max(0, this.#square.value() / this.#count - shift * shift) };
  }
}
