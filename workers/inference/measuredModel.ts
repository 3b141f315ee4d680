import { AppError } from '#core/diagnostics/appError.ts';
import { measuresBatch } from '#core/export/batchNormFacts.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { message } from '#core/words/message.ts';
import type { WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import { recalibrateModel, type RecalibrateModelOptions } from './recalibrateModel.ts';
import { batchesRead } from '../runs/checkpoint/batchesRead.ts';
import { openRunData, type RunDataOptions } from '../runs/data/runData.ts';

interface MeasuredModelOptions
  extends Pick<RunDataOptions, 'cacheFolder'>, Omit<RecalibrateModelOptions, 'batches'> {
  /** The last checkpoint by default. */
  readonly checkpoint?: CheckpointChoice;
}

/**
 * The network of a run, ready for inference: as `loadRun` returns it, but averaged weights always come with statistics
 * measured for them. The checkpoint of a finished run has exact ones. For a stopped run they are measured here over its
 * own training images and are not stored. Throws as `loadRun` does, 'run-has-no-weights' where they can no longer be
 * measured, and 'interrupted'.
 */
export async function loadMeasuredModel(
  folder: string,
  weights?: WeightsChoice,
  options: MeasuredModelOptions = {},
): Promise<TrainedModel> {
  const { model, weights: chosen } = await loadRun(folder, weights, options.checkpoint);
  const { statistics, batchesSeen } = model.provenance;
  const isMeasured = chosen === 'raw' || statistics === 'exact' || batchesSeen === 0;
  if (isMeasured || !model.graph.order.some(measuresBatch)) return model;
  const data = await openRunData(folder, { ...options, trainOnly: true }).catch((cause: unknown) => {
    throw unmeasured(folder, cause);
  });
  try {
    const { state, ...measured } = await recalibrateModel(model, data.train, options);
    const read = batchesRead({ ...measured, over: 'training' });
    return { ...model, state, provenance: { ...model.provenance, statistics: 'exact', read } };
  } finally {
    await data.close();
  }
}

function unmeasured(folder: string, cause: unknown): unknown {
  if (!(cause instanceof AppError) || cause.code === 'interrupted') return cause;
  return new AppError('run-has-no-weights', message('runs.averagesUnmeasured', { folder, why: cause.said }), {
    where: folder,
    cause,
  });
}
