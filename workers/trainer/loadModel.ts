import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import { loadCheckpoint, type Checkpoint } from './checkpoint.ts';
import { batchesRead } from './statisticsPass.ts';
import { weightsStart, type WeightsChoice } from './exactStatisticsFile.ts';
import { networkOf } from './network.ts';
import { documentOf } from './runDocument.ts';
import { openRun, type RunFolder } from './runFolder.ts';

/** A run that has weights, with its files. */
export interface LoadedRun {
  readonly run: RunFolder;
  readonly manifest: RunManifest;
  readonly checkpoint: Checkpoint;
  /** Which weights the model has. */
  readonly weights: WeightsChoice;
  readonly model: TrainedModel;
}

/**
 * Reads the network of a run folder as its last checkpoint has it, finished or not. Throws `AppError`: 'run-not-found',
 * 'run-invalid', 'run-has-no-weights' before the first checkpoint, 'arguments' for averaged weights of a run that keeps none. The
 * averages are taken where the run keeps them, unless `weights` says otherwise.
 */
export async function loadTrainedModel(runFolder: string, weights?: WeightsChoice): Promise<TrainedModel> {
  return (await loadRun(runFolder, weights)).model;
}

/** As `loadTrainedModel`, with the files it came from. Throws the same. */
export async function loadRun(folder: string, weights?: WeightsChoice): Promise<LoadedRun> {
  const { run, manifest } = await openRun(folder);
  const document = documentOf(folder, manifest);
  const graph = networkOf(document);
  const layout = buildStateLayout(graph, optimizerPlanOf(document.training));
  const { precision } = manifest.compute;
  const state = precision === 'f64' ? new Float64Array(layout.totalSize) : new Float32Array(layout.totalSize);
  const checkpoint = await loadCheckpoint(run, layout, state, 'inference');
  if (checkpoint === null) throw noWeights(folder);
  const chosen = choiceOf(folder, layout, weights);
  const { position } = checkpoint.counters;
  const start = weightsStart(layout, chosen);
  if (start > 0) state.copyWithin(0, start, start + layout.statisticsOffset + layout.statisticsSize);
  const isExact = (chosen === 'ema' ? checkpoint.averageStatistics : checkpoint.statistics) === 'exact';
  const pass = chosen === 'ema' ? checkpoint.averagePass : checkpoint.pass;
  const model: TrainedModel = {
    document,
    graph,
    layout,
    state,
    classNames: manifest.classNames,
    preprocessing: manifest.preprocessing,
    provenance: {
      statistics: isExact ? 'exact' : 'moving-average',
      ...(isExact && pass !== null ? { read: batchesRead(pass) } : {}),
      ...(chosen === 'ema' ? { weights: 'ema' as const } : {}),
      batchesSeen: position.step,
      epochs: position.epoch,
      normlabVersion: manifest.normlabVersion,
    },
  };
  return { run, manifest, checkpoint, weights: chosen, model };
}

function choiceOf(folder: string, layout: StateLayout, asked: WeightsChoice | undefined): WeightsChoice {
  const hasAverages = layout.averageOffset !== undefined;
  if (asked !== 'ema' || hasAverages) return asked ?? (hasAverages ? 'ema' : 'raw');
  throw new AppError(
    'arguments',
    `The run in ${folder} keeps no averaged weights; use its raw ones, or train with averaging (--ema) to have them.`,
    { where: folder },
  );
}

function noWeights(folder: string): AppError {
  return new AppError(
    'run-has-no-weights',
    `The run in ${folder} has no weights yet: it ended before its first checkpoint; resume it first.`,
    { where: folder },
  );
}
