import { erfc } from '../backend/reference/errorFunction.ts';
import { InvariantError } from '../diagnostics/invariantError.ts';
import { countConfusion, type Confusion } from './confusion.ts';
import { shareOf, type Estimate } from './estimate.ts';

/** Two networks on the same images. */
export interface DecisionsCompared {
  readonly images: number;
  /** Images that both, only the first, only the second and neither gets right. */
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
  /** Share of images to which both give the same class, right or wrong. */
  readonly agreement: Estimate | null;
  readonly mcnemar: McNemar;
  /** Images by class: row that of the first network, column that of the second. */
  readonly matrix: Confusion;
}

/** McNemar's test of whether two networks have the same accuracy on the same images. */
export interface McNemar {
  /** `exact`: two-sided binomial test; `corrected`: chi-square with continuity correction. */
  readonly method: 'exact' | 'corrected';
  /** Chi-square with one degree of freedom; null for the exact test. */
  readonly statistic: number | null;
  readonly pValue: number;
}

/** Below this number of images on which one network is right and the other wrong, the test is exact. */
const EXACT_BELOW = 25;

/** Compares the classes that two networks give to the same images of known class, `[N]` each. */
export function compareDecisions(
  labels: Int32Array,
  first: Int32Array,
  second: Int32Array,
  classes: number,
): DecisionsCompared {
  const images = labels.length;
  if (first.length !== images || second.length !== images)
    throw new InvariantError(`${images} images, ${first.length} and ${second.length} decisions`);
  const counts = [0, 0, 0, 0];
  let same = 0;
  labels.forEach((label, image) => {
    const cell = (first[image] === label ? 0 : 2) + (second[image] === label ? 0 : 1);
    counts[cell] = (counts[cell] ?? 0) + 1;
    if (first[image] === second[image]) same += 1;
  });
  const [both = 0, onlyFirst = 0, onlySecond = 0, neither = 0] = counts;
  return {
    ...{ images, both, onlyFirst, onlySecond, neither, agreement: shareOf(same, images) },
    mcnemar: mcnemarTest(onlyFirst, onlySecond),
    matrix: countConfusion(first, second, classes),
  };
}

/**
 * McNemar's test (McNemar 1947, Psychometrika 12) for `b` and `c` images that only one of two networks gets right. With
 * fewer than 25 such images it is the exact binomial test, `p = min(1, 2 P(X <= min(b, c)))` with `X ~ Bin(b + c,
 * 1/2)`. Otherwise `(|b - c| - 1)² / (b + c)` (Edwards 1948, Psychometrika 13; 0 for b = c) is compared with chi-square
 * of one degree of freedom, whose upper tail at x is `erfc(sqrt(x / 2))`.
 */
export function mcnemarTest(b: number, c: number): McNemar {
  const discordant = b + c;
  if (discordant < EXACT_BELOW)
    return { method: 'exact', statistic: null, pValue: binomialTest(Math.min(b, c), discordant) };
  const distance = Math.max(0, Math.abs(b - c) - 1);
  const statistic = distance ** 2 / discordant;
  return { method: 'corrected', statistic, pValue: erfc(Math.sqrt(statistic / 2)) };
}

/** `min(1, 2 P(X <= hits))` for `X ~ Bin(count, 1/2)`. */
function binomialTest(hits: number, count: number): number {
  let term = 0.5 ** count;
  let tail = term;
  for (let k = 1; k <= hits; k += 1) {
    term *= (count - k + 1) / k;
    tail += term;
  }
  return Math.min(1, 2 * tail);
}
