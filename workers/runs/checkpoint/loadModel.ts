import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import type { RunManifest } from '#core/contract/runManifest.ts';
import type { BatchesRead } from '#core/batchnorm/statisticsPass.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { requireFinite } from '#core/export/finite.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import type { ForeignWeightsFacts } from '#core/contract/trainedElsewhere.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import type { LoopPosition } from '#core/training/loop.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import { message } from '#core/words/message.ts';
import { loadCheckpoint, refuseOtherSize, type Checkpoint } from './checkpoint.ts';
import { noWeights } from './noWeights.ts';
import { batchesRead } from './batchesRead.ts';
import { weightsStart, type WeightsChoice } from './exactStatisticsFile.ts';
import { networkOfRun } from '../folder/runNetwork.ts';
import { openRun, type RunFolder } from '../folder/runFolder.ts';

/** A run that has weights, with its files. */
export interface LoadedRun {
  readonly run: RunFolder;
  readonly manifest: RunManifest;
  readonly checkpoint: Checkpoint;
  /** Which weights the model has, and which of the run's two files they come from. */
  readonly weights: WeightsChoice;
  readonly which: CheckpointChoice;
  readonly model: TrainedModel;
}

/**
 * Reads the network of a run folder, finished or not, with the weights of its last checkpoint or of its best epoch.
 * Takes averaged weights where the run keeps them, unless `weights` says otherwise. Throws `AppError`: 'run-not-found',
 * 'run-invalid', 'run-has-no-weights' before the first checkpoint and without a best epoch, 'arguments' for averaged
 * weights of a run that keeps none, 'diverged' for weights that are not finite, unless these are asked for.
 */
export async function loadRun(
  folder: string,
  weights?: WeightsChoice,
  which: CheckpointChoice = 'last',
  { mayDiverge = false }: { readonly mayDiverge?: boolean } = {},
): Promise<LoadedRun> {
  const { run, manifest } = await openRun(folder);
  const { document, graph } = networkOfRun(folder, manifest);
  const layout = buildStateLayout(graph, optimizerPlanOf(document.training));
  await refuseOtherSize(run, layout, which);
  const { precision } = manifest.compute;
  const state = precision === 'f64' ? new Float64Array(layout.totalSize) : new Float32Array(layout.totalSize);
  const checkpoint = await loadCheckpoint(run, layout, state, 'inference', which);
  if (checkpoint === null) throw which === 'best' ? noBest(run) : await noWeights(run);
  const { foreign } = checkpoint;
  const chosen = choiceOf(folder, layout, weights, foreign);
  const { position } = checkpoint.counters;
  const first = weightsStart(layout, chosen);
  if (first > 0) state.copyWithin(0, first, first + layout.statisticsOffset + layout.statisticsSize);
  const start = manifest.start ?? foreign?.start;
  const isMeasured = (chosen === 'ema' ? checkpoint.averageStatistics : checkpoint.statistics) === 'exact';
  const isExact = isMeasured || foreign?.statistics === 'exact';
  const pass = isMeasured ? (chosen === 'ema' ? checkpoint.averagePass : checkpoint.pass) : null;
  const read = pass === null ? plainRead(foreign) : batchesRead(pass);
  const model: TrainedModel = {
    document,
    graph,
    layout,
    state,
    classNames: manifest.classNames,
    preprocessing: manifest.preprocessing,
    provenance: {
      statistics: isExact ? 'exact' : 'moving-average',
      ...(isExact && read !== undefined ? { read } : {}),
      ...(chosen === 'ema' ? { weights: 'ema' as const } : {}),
      ...(which === 'best' ? { checkpoint: 'best' as const } : {}),
      ...(start === undefined ? {} : { start }),
      batchesSeen: foreign?.batchesSeen ?? batchesSeen(document, manifest, position),
      ...(foreign === null ? {} : { seenBy: new Map(Object.entries(foreign.seenBy)) }),
      epochs: foreign?.epochs ?? position.epoch,
      step: position.step,
      normlabVersion: manifest.normlabVersion,
    },
  };
  if (!mayDiverge) refuseNotFinite(model);
  return { run, manifest, checkpoint, weights: chosen, which, model };
}

/** Batches trained on; with gradient accumulation there are more batches than updates. */
function batchesSeen(
  { training }: GraphDocument,
  { data }: RunManifest,
  { epoch, batch }: LoopPosition,
): number {
  const { batchSize, remainder, accumulate } = training;
  return epoch * planEpoch(data.trainImages, batchSize, remainder, accumulate).batches + batch;
}

/** A network with such weights computes no finite number. Throws `AppError('diverged')` naming the first tensor. */
function refuseNotFinite({ layout, state }: TrainedModel): void {
  for (const { name, offset, size } of [...layout.parameters, ...layout.statistics])
    requireFinite(name, state.subarray(offset, offset + size));
}

/** How much was read for the statistics of weights that were trained elsewhere, where it is recorded. */
function plainRead(foreign: ForeignWeightsFacts | null): BatchesRead | undefined {
  return foreign?.read === undefined ? undefined : batchesRead(foreign.read);
}

/** Weights that were trained elsewhere are either the raw ones or the averaged ones. */
function choiceOf(
  folder: string,
  layout: StateLayout,
  asked: WeightsChoice | undefined,
  foreign: ForeignWeightsFacts | null,
): WeightsChoice {
  const hasAverages = layout.averageOffset !== undefined;
  if (foreign !== null && hasAverages) {
    if (asked === undefined || asked === foreign.weights) return foreign.weights;
    const said = message(foreign.weights === 'ema' ? 'remote.onlyAverages' : 'remote.onlyRaw', { folder });
    throw new AppError('arguments', said, { where: folder });
  }
  if (asked !== 'ema' || hasAverages) return asked ?? (hasAverages ? 'ema' : 'raw');
  throw new AppError('arguments', message('runs.noAverages', { folder }), { where: folder });
}

function noBest(run: RunFolder): AppError {
  return new AppError('run-has-no-weights', message('runs.noBest', { folder: run.path }), {
    where: run.path,
  });
}
