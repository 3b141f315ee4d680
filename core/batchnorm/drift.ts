import type { FloatArray } from '../backend/backend.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { BatchNormLayer } from './layers.ts';

/** How far a batch's means are from the stored ones, in stored standard deviations. */
export interface Drift {
  /** Root mean square over channels of `(mu_B - mu_run) / sqrt(var_run + eps)`. */
  readonly rms: number;
  /** Largest of its absolute values. */
  readonly worst: number;
}

/**
 * Compares the statistics of the last batch (`PreparedProgram.batchStatistics`) with those in `state`. What is not finite comes
 * out as NaN or Infinity.
 */
export function driftOf(
  layer: BatchNormLayer,
  layout: StateLayout,
  state: FloatArray,
  batchStatistics: FloatArray,
): Drift {
  const { mean, variance, epsilon } = layer;
  let sum = 0;
  let worst = 0;
  for (let channel = 0; channel < mean.size; channel += 1) {
    const batchMean = batchStatistics[mean.offset - layout.statisticsOffset + channel] ?? NaN;
    const running = state[mean.offset + channel] ?? NaN;
    const deviation = Math.sqrt((state[variance.offset + channel] ?? NaN) + epsilon);
    const shift = (batchMean - running) / deviation;
    sum += shift * shift;
    worst = Math.max(worst, Math.abs(shift));
  }
  return { rms: Math.sqrt(sum / mean.size), worst };
}
