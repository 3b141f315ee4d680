import type { FloatArray } from '../program/floatArray.ts';
import { AppError } from '../diagnostics/appError.ts';
import type { StateLayout } from '../program/stateLayout.ts';
import { message } from '../words/message.ts';
import type { BatchNormLayer } from './layers.ts';

/**
 * What a backend throws in place of storing batch statistics that are not finite: the step has ended there, and the
 * state is what it was before. Who knows block, step and files says more (`core/training/badBatch.ts`).
 */
export class StatisticsNotFinite extends AppError {
  constructor() {
    super('diverged', message('engine.batchNotFinite'));
  }
}

/** The first block, in the order in which they run, with a batch statistic that is not finite; null when all are. */
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
