import type { FloatArray } from '../program/floatArray.ts';
import { AppError } from '../diagnostics/appError.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import { message } from '../words/message.ts';
import type { BatchNormLayer } from './layers.ts';

/**
 * Thrown by a backend instead of storing batch statistics that are not finite. The step is abandoned and the state is
 * as it was before. `core/training/badBatch.ts` adds block, step and files to the message.
 */
export class StatisticsNotFinite extends AppError {
  constructor() {
    super('diverged', message('engine.batchNotFinite'));
  }
}

/** Returns the first block, in execution order, with a batch statistic that is not finite; null when all are finite. */
export function firstNonFinite(
  layers: readonly BatchNormLayer[],
  layout: StateLayout,
  batchStatistics: FloatArray,
): BatchNormLayer | null {
  const isFinite = ({ offset, size }: BatchNormLayer['mean']): boolean =>
    batchStatistics
      .subarray(offset - layout.statisticsOffset, offset - layout.statisticsOffset + size)
      .every(Number.isFinite);
  return layers.find(({ mean, variance }) => !isFinite(mean) || !isFinite(variance)) ?? null;
}
