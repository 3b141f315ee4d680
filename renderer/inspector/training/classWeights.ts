import { balancedWeights } from '#core/compile/lossPlan.ts';

/** Digits of a weight that is worked out: it is there to be read and changed. */
const DIGITS = 4;
/** Of `classWeightsSchema`. */
export const LARGEST_WEIGHT = 1e6;

/** One weight for each of `count` classes: those given, by their place, and 1 where none is. */
export function weightsFor(count: number, given: readonly number[]): number[] {
  return Array.from({ length: count }, (_, at) => given[at] ?? 1);
}

/** `weights` with another one at `at`, fitted to `count` classes. */
export function withWeight(weights: readonly number[], count: number, at: number, weight: number): number[] {
  return weightsFor(count, weights).map((old, place) => (place === at ? weight : old));
}

/**
 * The weights that make every class count alike (`balancedWeights`), rounded to four digits, none above the settings'
 * limit.
 */
export function balancedByHand(counts: readonly number[]): number[] {
  return balancedWeights(counts).map((weight) =>
    Math.min(LARGEST_WEIGHT, Number(weight.toPrecision(DIGITS))),
  );
}
