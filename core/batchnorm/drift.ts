import type { FloatArray } from '../program/floatArray.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { BatchNormLayer } from './layers.ts';

/**
 * The drift of a block: the distance of the means of the last batch (`PreparedProgram.batchStatistics`) from the
 * running ones, in running standard deviations. Root mean square over channels of `(mu_B - mu_run) / sqrt(var_run +
 * eps)`; NaN or Infinity when one of these is not finite. Block cards, inspector and run cards all show this value.
 */
export function driftOf(
  layer: BatchNormLayer,
  layout: StateLayout,
  state: FloatArray,
  batchStatistics: FloatArray,
): number {
  const { mean, variance, epsilon } = layer;
  let sum = 0;
  for (let channel = 0; channel < mean.size; channel += 1) {
    const batchMean = batchStatistics[mean.offset - layout.statisticsOffset + channel] ?? NaN;
    const running = state[mean.offset + channel] ?? NaN;
    const deviation = Math.sqrt((state[variance.offset + channel] ?? NaN) + epsilon);
    const shift = (batchMean - running) / deviation;
    sum += shift * shift;
  }
  return Math.sqrt(sum / mean.size);
}
