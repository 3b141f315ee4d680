import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { measuresBatch } from '#core/export/batchNormFacts.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { message } from '#core/words/message.ts';
import { loadCheckpoint } from '../runs/checkpoint/checkpoint.ts';
import { weightsStart, type WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import { loadRun, type LoadedRun } from '../runs/checkpoint/loadModel.ts';
import { recalibrateModel, type RecalibrateModelOptions } from './recalibrateModel.ts';
import { batchesRead } from '../runs/checkpoint/batchesRead.ts';
import { openRunPart, type RunDataOptions } from '../runs/data/runData.ts';

interface MeasuredModelOptions
  extends Pick<RunDataOptions, 'cacheFolder'>, Omit<RecalibrateModelOptions, 'batches'> {
  /** The last checkpoint by default. */
  readonly checkpoint?: CheckpointChoice;
  /** Those in the checkpoint by default. */
  readonly statistics?: StatisticsChoice;
}

/**
 * BatchNorm statistics of a run for inference.
 * - stored: those in the checkpoint, exact or moving averages.
 * - moving: the moving averages of the training, also where the checkpoint has exact ones beside them.
 * - exact: measured over the training images of the run, unless the checkpoint has them.
 */
export type StatisticsChoice = 'stored' | 'moving' | 'exact';

/**
 * The network of a run, ready for inference: as `loadRun` returns it, with the chosen statistics. Averaged weights have
 * no moving averages of their own, so without `statistics: 'moving'` they always come with statistics measured for
 * them. The checkpoint of a finished run has those; for a stopped run they are measured here. What is measured here is
 * not stored. Throws as `loadRun` does, 'run-has-no-weights' where averaged weights can no longer be measured, as
 * `openRunPart` where others cannot, and 'interrupted'.
 */
export async function loadMeasuredModel(
  folder: string,
  weights?: WeightsChoice,
  options: MeasuredModelOptions = {},
): Promise<TrainedModel> {
  return (await loadMeasuredRun(folder, weights, options)).model;
}

/** As `loadMeasuredModel`, with the manifest of the run as it was read for the model. */
export async function loadMeasuredRun(
  folder: string,
  weights?: WeightsChoice,
  options: MeasuredModelOptions = {},
): Promise<{ readonly model: TrainedModel; readonly manifest: RunManifest }> {
  const loaded = await loadRun(folder, weights, options.checkpoint);
  return { model: await measured(folder, loaded, options), manifest: loaded.manifest };
}

async function measured(
  folder: string,
  loaded: LoadedRun,
  options: MeasuredModelOptions,
): Promise<TrainedModel> {
  const { model, weights: chosen } = loaded;
  if (options.statistics === 'moving') return withMovingAverages(loaded);
  const { statistics, batchesSeen } = model.provenance;
  // The statistics of averages that were trained elsewhere are those that came with them.
  const hasOwn = chosen === 'raw' || loaded.checkpoint.foreign !== null;
  const isEnough = hasOwn && options.statistics !== 'exact';
  if (isEnough || statistics === 'exact' || batchesSeen === 0) return model;
  if (!model.graph.order.some(measuresBatch)) return model;
  const data = await openRunPart(folder, 'train', options).catch((cause: unknown) => {
    throw chosen === 'raw' ? cause : unmeasured(folder, cause);
  });
  try {
    const { state, ...pass } = await recalibrateModel(model, data, options);
    const read = batchesRead({ ...pass, over: 'training' });
    return { ...model, state, provenance: { ...model.provenance, statistics: 'exact', read } };
  } finally {
    await data.close();
  }
}

async function withMovingAverages({ run, model, weights, which }: LoadedRun): Promise<TrainedModel> {
  const { layout, provenance } = model;
  if (provenance.statistics === 'moving-average') return model;
  const stored = model.state.slice();
  await loadCheckpoint(run, layout, stored, 'training', which);
  const from = weightsStart(layout, weights) + layout.statisticsOffset;
  const state = model.state.slice();
  state.set(stored.subarray(from, from + layout.statisticsSize), layout.statisticsOffset);
  const { read: _read, ...others } = provenance;
  return { ...model, state, provenance: { ...others, statistics: 'moving-average' } };
}

function unmeasured(folder: string, cause: unknown): unknown {
  if (!(cause instanceof AppError) || cause.code === 'interrupted') return cause;
  return new AppError('run-has-no-weights', message('runs.averagesUnmeasured', { folder, why: cause.said }), {
    where: folder,
    cause,
  });
}
