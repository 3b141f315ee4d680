import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { loadCheckpoint, type Checkpoint } from './checkpoint.ts';
import { networkOf } from './network.ts';
import { documentOf } from './runDocument.ts';
import { openRun, type RunFolder } from './runFolder.ts';

/** A run that has weights, with its files. */
export interface LoadedRun {
  readonly run: RunFolder;
  readonly manifest: RunManifest;
  readonly checkpoint: Checkpoint;
  readonly model: TrainedModel;
}

/**
 * Reads the network of a run folder as its last checkpoint has it, finished or not. Throws `AppError`: 'run-not-found',
 * 'run-invalid', or 'run-has-no-weights' before the first checkpoint.
 */
export async function loadTrainedModel(runFolder: string): Promise<TrainedModel> {
  return (await loadRun(runFolder)).model;
}

/** As `loadTrainedModel`, with the files it came from. Throws the same. */
export async function loadRun(folder: string): Promise<LoadedRun> {
  const { run, manifest } = await openRun(folder);
  const document = documentOf(folder, manifest);
  const graph = networkOf(document);
  const layout = buildStateLayout(graph, optimizerPlanOf(document.training));
  const { precision } = manifest.compute;
  const state = precision === 'f64' ? new Float64Array(layout.totalSize) : new Float32Array(layout.totalSize);
  const checkpoint = await loadCheckpoint(run, layout, state, 'inference');
  if (checkpoint === null) throw noWeights(folder);
  const { position } = checkpoint.counters;
  const model: TrainedModel = {
    document,
    graph,
    layout,
    state,
    classNames: manifest.classNames,
    preprocessing: manifest.preprocessing,
    provenance: {
      statistics: checkpoint.statistics,
      batchesSeen: position.step,
      epochs: position.epoch,
      normlabVersion: manifest.normlabVersion,
    },
  };
  return { run, manifest, checkpoint, model };
}

function noWeights(folder: string): AppError {
  return new AppError(
    'run-has-no-weights',
    `The run in ${folder} has no weights yet: it ended before its first checkpoint; resume it first.`,
    { where: folder },
  );
}
