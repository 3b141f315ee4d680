import type { FloatArray } from '../backend/backend.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { VarianceEstimator } from '../program/instruction.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import type { BatchNormLayer } from './layers.ts';
import { NO_STATISTIC, pool, storedVariance, type Statistic } from './statistics.ts';

/** Statistics of every BatchNorm over all batches seen, as if they had been one. */
export interface ExactStatistics {
  /** Takes in the batch statistics (`PreparedProgram.batchStatistics`) of a batch of `samples`. */
  add(batchStatistics: FloatArray, samples: number): void;
  readonly batches: number;
  /** Overwrites the stored statistics in `state`, the variance by the estimator that each layer stores. */
  store(state: FloatArray, estimatorOf: (layer: BatchNormLayer) => VarianceEstimator): void;
}

/**
 * Gathers exact ("precise") statistics; batchnorm-spec.md, section 1. With the weights fixed and every layer normalizing by its
 * batch, no layer's input depends on stored statistics: one pass serves all layers at once, whatever their order.
 */
export function exactStatistics(layout: StateLayout, layers: readonly BatchNormLayer[]): ExactStatistics {
  const gathered = layers.map((layer) => ({
    layer,
    channels: Array.from({ length: layer.mean.size }, (): Statistic => NO_STATISTIC),
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
        channels.forEach((soFar, channel) => {
          channels[channel] = pool(soFar, {
            mean: must(batchStatistics[meanAt + channel], 'batch mean'),
            variance: must(batchStatistics[varianceAt + channel], 'batch variance'),
            count: samples * layer.valuesPerSample,
          });
        });
      }
    },
    store: (state, estimatorOf) => {
      for (const { layer, channels } of gathered) {
        channels.forEach(({ mean, variance, count }, channel) => {
          state[layer.mean.offset + channel] = mean;
          state[layer.variance.offset + channel] = storedVariance(variance, count, estimatorOf(layer));
        });
      }
    },
  };
}
