import { expect } from 'vitest';
import type { Tolerance } from './tolerances.ts';

type Numbers = ArrayLike<number>;

/**
 * Passes when both arrays have the same length and every element satisfies `|actual - expected| <= absolute + relative
 * * |expected|`; NaN never passes. Otherwise fails and reports `label` and the element that exceeds its bound most.
 */
export function expectAllClose(
  actual: Numbers,
  expected: Numbers,
  tolerance: Tolerance,
  label: string,
): void {
  expect(actual.length, `${label}: length`).toBe(expected.length);
  let worst = { index: -1, excess: 0 };
  for (let index = 0; index < expected.length; index += 1) {
    const excess = excessAt(actual[index] ?? NaN, expected[index] ?? NaN, tolerance);
    if (!(excess <= worst.excess)) worst = { index, excess };
    if (Number.isNaN(excess)) break;
  }
  if (worst.index < 0) return;
  const [got, wanted] = [String(actual[worst.index]), String(expected[worst.index])];
  const bounds = `relative ${String(tolerance.relative)}, absolute ${tolerance.absolute.toExponential(2)}`;
  expect.fail(
    `${label}: element ${String(worst.index)} of ${String(expected.length)} is ${got}, expected ${wanted} (${bounds})`,
  );
}

/** Passes when `|actual - expected| <= absolute + relative * |expected|` in Euclidean norms over the whole arrays. */
export function expectNormClose(
  actual: Numbers,
  expected: Numbers,
  tolerance: Tolerance,
  label: string,
): void {
  expect(actual.length, `${label}: length`).toBe(expected.length);
  const difference = Array.from(expected, (value, index) => (actual[index] ?? NaN) - value);
  const [error, size] = [norm(difference), norm(expected)];
  const allowed = tolerance.absolute + tolerance.relative * size;
  if (error <= allowed) return;
  expect.fail(
    `${label}: off by ${error.toPrecision(4)} where ${allowed.toPrecision(4)} is allowed, size ${size.toPrecision(4)}`,
  );
}

/** Largest absolute value; 0 for no values. */
export function largest(values: Numbers): number {
  let found = 0;
  for (let index = 0; index < values.length; index += 1)
    found = Math.max(found, Math.abs(values[index] ?? 0));
  return found;
}

function excessAt(actual: number, expected: number, { relative, absolute }: Tolerance): number {
  return Math.abs(actual - expected) - absolute - relative * Math.abs(expected);
}

function norm(values: Numbers): number {
  return Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
}
