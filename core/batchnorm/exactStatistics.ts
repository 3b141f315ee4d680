import type { FloatArray } from '../program/floatArray.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { VarianceEstimator } from '../program/instruction.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { BatchNormLayer } from './layers.ts';
import { PooledStatistic } from './pooledStatistic.ts';
import { storedVariance } from './statistics.ts';

/**
 * Relative standard errors over all channels: those of means in units of the standard deviation, those of variances in
 * units of the variance.
 */
export interface RelativeError {
  /** Root mean square over channels. */
  readonly typical: { readonly mean: number; readonly variance: number };
  readonly worst: { readonly mean: number; readonly variance: number };
}

/** Statistics of every BatchNorm block over all batches added, as if they were one batch. */
export interface ExactStatistics {
  /** Adds the batch statistics (`PreparedProgram.batchStatistics`) of a batch of `samples` samples. */
  add(batchStatistics: FloatArray, samples: number): void;
  readonly batches: number;
  /** Returns the standard errors of the statistics of the layers in `only` (or all layers); NaN below two batches. */
  error(only?: readonly BatchNormLayer[]): RelativeError;
  /**
   * Overwrites the running statistics of the layers in `only` (or all layers) in `state`, the variance by the estimator
   * of each layer.
   */
  store(
    state: FloatArray,
    estimatorOf: (layer: BatchNormLayer) => VarianceEstimator,
    only?: readonly BatchNormLayer[],
  ): void;
}

/**
 * Accumulates exact ("precise") statistics; batchnorm-spec.md, section 1. The result is bitwise independent of the
 * order of the batches. `near` holds numbers near the means, best the running ones: sums are taken about them, which
 * avoids cancellation. With fixed weights and every layer normalizing by its batch, no layer's input depends on running
 * statistics, so one pass measures all such layers at once.
 */
export function exactStatistics(
  layout: StateLayout,
  layers: readonly BatchNormLayer[],
  near: FloatArray,
): ExactStatistics {
  const gathered = layers.map((layer) => ({
    layer,
    channels: Array.from(
      { length: layer.mean.size },
      (_, channel) => new PooledStatistic(must(near[layer.mean.offset + channel], 'stored mean')),
    ),
  }));
  let batches = 0;
  return {
    get batches() {
      return batches;
    },
    add: (batchStatistics, samples) => {
      batches += 1;
      for (const { layer, channels } of gathered) {
        const meanAt = layer.mean.offset - layout.statisticsOffset;
        const varianceAt = layer.variance.offset - layout.statisticsOffset;
        channels.forEach((pooled, channel) => {
          pooled.add({
            mean: must(batchStatistics[meanAt + channel], 'batch mean'),
            variance: must(batchStatistics[varianceAt + channel], 'batch variance'),
            count: samples * layer.valuesPerSample,
          });
        });
      }
    },
    error: (only = layers) =>
      relativeError(gathered.flatMap(({ layer, channels }) => (only.includes(layer) ? channels : []))),
    store: (state, estimatorOf, only = layers) => {
      for (const { layer, channels } of gathered) {
        if (!only.includes(layer)) continue;
        channels.forEach((pooled, channel) => {
          const { mean, variance, count } = pooled.result();
          state[layer.mean.offset + channel] = mean;
          state[layer.variance.offset + channel] = storedVariance(variance, count, estimatorOf(layer));
        });
      }
    },
  };
}

function relativeError(channels: readonly PooledStatistic[]): RelativeError {
  const moving = channels
    .map((channel) => ({ error: channel.error(), variance: channel.result().variance }))
    // A constant channel has no error; dividing by its deviation 0 would be NaN.
    .filter(({ variance }) => variance > 0);
  const means = moving.map(({ error, variance }) => error.mean / Math.sqrt(variance));
  const variances = moving.map(({ error, variance }) => error.variance / variance);
  const rms = (values: readonly number[]): number =>
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / Math.max(1, values.length));
  const most = (values: readonly number[]): number =>
    values.reduce((largest, value) => (value > largest || Number.isNaN(value) ? value : largest), 0);
  return {
    typical: { mean: rms(means), variance: rms(variances) },
    worst: { mean: most(means), variance: most(variances) },
  };
}
