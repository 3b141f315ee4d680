import { balancedWeights } from '#core/compile/lossPlan.ts';

/** Digits of a computed weight, which the user reads and edits. */
const DIGITS = 4;
/** The limit of `classWeightsSchema`. */
export const LARGEST_WEIGHT = 1e6;

/** One weight for each of `count` classes: the given ones by index, and 1 for the others. */
export function weightsFor(count: number, given: readonly number[]): number[] {
  return Array.from({ length: count }, (_, at) => given[at] ?? 1);
}

/** `weights` with the one at `at` replaced, extended to `count` classes. */
export function withWeight(weights: readonly number[], count: number, at: number, weight: number): number[] {
  return weightsFor(count, weights).map((old, place) => (place === at ? weight : old));
}

/**
 * The weights that give every class the same total (`balancedWeights`), rounded to four digits, none above the limit of
 * the settings.
 */
export function balancedByHand(counts: readonly number[]): number[] {
  return balancedWeights(counts).map((weight) =>
    Math.min(LARGEST_WEIGHT, Number(weight.toPrecision(DIGITS))),
  );
}
