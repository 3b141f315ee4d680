import { must } from '#core/diagnostics/invariantError.ts';
import type { Golden } from './goldenFile.ts';
import type { Replay } from './replay.ts';

/** The error of one tensor of a replay against PyTorch's. */
export interface GoldenError {
  /** `forward`, `gradient of conv2d1.weights`, … */
  readonly quantity: string;
  /**
   * Largest difference of an element, relative to the largest expected element; for losses, the largest relative
   * difference.
   */
  readonly largest: number;
  /** Euclidean norm of the difference, relative to the expected norm, and for a gradient to at least `NOISE_SHARE`. */
  readonly norm: number;
}

/**
 * Gradients that are zero except for rounding (a bias before BatchNorm, a pooled mean) have no scale of their own:
 * below this share of the network's largest gradient, the error is relative to the largest one.
 */
const NO_SIZE = 1e-10;

/**
 * A gradient in which large terms cancel keeps the rounding noise of those terms: norms are relative to at least this
 * share of the network's largest gradient per element.
 */
const NOISE_SHARE = 0.2;

/**
 * Errors of all tensors of a golden; of a shortened training, only of its losses. Throws `InvariantError` where the
 * replay lacks a tensor; a NaN makes an infinite error.
 */
export function goldenErrors({ expected }: Golden, found: Replay): GoldenError[] {
  const gradients = [...expected].filter(([name]) => name.startsWith('gradient of'));
  const largestGradient = Math.max(0, ...gradients.map(([, values]) => largest(values)));
  const isCut = (found.get('losses')?.length ?? 0) < (expected.get('losses')?.length ?? 0);
  const compared = [...expected].filter(([quantity]) => !isCut || quantity === 'losses');
  return compared.map(([quantity, values]) => {
    const actual = must(found.get(quantity), quantity);
    if (quantity === 'losses') return courseError(quantity, values, actual);
    const size = largest(values);
    const scale = size > NO_SIZE * largestGradient ? size : largestGradient;
    const leastSize = quantity.startsWith('gradient of') ? NOISE_SHARE * largestGradient : 0;
    return { quantity, ...tensorError(values, actual, scale, leastSize * Math.sqrt(values.length)) };
  });
}

/** A training may be shortened, but not to zero steps. */
function courseError(quantity: string, expected: Float64Array, actual: ArrayLike<number>): GoldenError {
  const errors = Array.from(actual, (loss, step) => {
    const wanted = expected[step] ?? NaN;
    return finite(Math.abs(loss - wanted) / Math.abs(wanted));
  });
  const worst = errors.length === 0 ? Infinity : Math.max(...errors);
  return { quantity, largest: worst, norm: worst };
}

function tensorError(
  expected: Float64Array,
  actual: ArrayLike<number>,
  scale: number,
  leastNorm: number,
): Omit<GoldenError, 'quantity'> {
  if (actual.length !== expected.length) return { largest: Infinity, norm: Infinity };
  const differences = expected.map((value, index) => (actual[index] ?? NaN) - value);
  if (scale === 0) return { largest: finite(largest(differences)), norm: finite(norm(differences)) };
  const size = Math.max(norm(expected), scale, leastNorm);
  return { largest: finite(largest(differences) / scale), norm: finite(norm(differences) / size) };
}

function finite(error: number): number {
  return Number.isNaN(error) ? Infinity : error;
}

function largest(values: Float64Array): number {
  return values.reduce((found, value) => Math.max(found, Math.abs(value)), 0);
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}
