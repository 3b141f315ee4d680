import path from 'node:path';
import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { reportFiles, type RunResult } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { neverUpdated } from '#core/export/batchNormFacts.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { headEpochsOf, headPhaseNote } from '#core/training/headPhase.ts';
import { initializeState } from '#core/training/initialize.ts';
import { message, type Message } from '#core/words/message.ts';
import {
  loadCheckpoint,
  refuseOtherSize,
  saveCheckpoint,
  type Counters,
} from '../runs/checkpoint/checkpoint.ts';
import { prepareRun, type PreparedRun } from './prepareRun.ts';
import { applyExtension, planResume, type ResumePlan } from './resumePlan.ts';
import { claimRunFolder, readRunStatus, writeResult, type ClaimedFolder } from '../runs/folder/runFolder.ts';
import { createTrainControl, type TrainControl } from './trainControl.ts';
import type { TrainEvent } from './trainEvents.ts';
import { calibrateAverages } from './calibrateAverages.ts';
import { openRunSources } from './runSources.ts';
import { FRESH_COUNTERS, trainSession } from './trainSession.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

/**
 * Trains a network on a folder of images in the calling thread, writes the run folder meanwhile, and returns the
 * result. With `resume`, a run continues from its last checkpoint (from its start when it has none), with the same bits
 * as without the interruption; a finished run only returns its result, unless `wish` requests more epochs; an empty
 * folder starts a new run. Throws `AppError`: 'interrupted' when `control` stopped it with the state saved; user errors
 * of the network, the folders and the run folder; 'arguments' for options that a resumed run cannot follow; 'diverged',
 * 'disk-full', 'output-not-writable'.
 */
export async function trainRun(options: TrainRunOptions): Promise<RunResult> {
  const early = await planResume(options, await readRunStatus(options.out));
  if (early?.result) return early.result;
  const run = await claimRunFolder(options.out, options.resume ?? false);
  try {
    // Another process may have just finished its work in this folder.
    const plan = await planResume(options, await readRunStatus(options.out));
    return plan?.result ?? (await trainClaimed(run, plan, options));
  } finally {
    await run.release();
  }
}

async function trainClaimed(
  run: ClaimedFolder,
  plan: ResumePlan | null,
  options: TrainRunOptions,
): Promise<RunResult> {
  const control = options.control ?? createTrainControl();
  const begun = plan?.manifest ?? null;
  const prepared = await prepareRun({ ...options, control, run, begun }).catch((error: unknown) => {
    throw control.isStopWanted ? stoppedBeforeTraining(options.out, error) : error;
  });
  try {
    return await trainPrepared(prepared, plan, options, control);
  } finally {
    await prepared.data.close();
  }
}

async function trainPrepared(
  claimed: PreparedRun,
  plan: ResumePlan | null,
  options: TrainRunOptions,
  control: TrainControl,
): Promise<RunResult> {
  const { run, document, graph, compute, data } = claimed;
  const settings = document.training;
  const layout = buildStateLayout(graph, optimizerPlanOf(settings));
  await refuseOtherSize(run, layout);
  const session = compute.backend.open(layout, { threads: compute.threads, precision: compute.precision });
  try {
    const saved = await loadCheckpoint(run, layout, session.state, 'training');
    if (saved === null) await beginState(claimed, layout, session.state);
    const counters = saved?.counters ?? FRESH_COUNTERS;
    const emit = options.onEvent ?? (() => undefined);
    const prepared = await applyExtension(claimed, plan, saved?.counters.position.step ?? null);
    const sources = await openRunSources({
      ...{ prepared, session, emit, options, signal: control.signal },
      epoch: counters.position.epoch,
    }).catch((error: unknown) => {
      const hasState = saved !== null || claimed.start !== null;
      throw control.isStopWanted ? stoppedWhilePreparing(options.out, hasState, error) : error;
    });
    emit(planEvent(prepared, counters, sources.notes));
    const last = await trainSession({
      run,
      session,
      settings,
      ...sources.phases,
      order: prepared.order,
      counters,
      control,
      checkpointEveryMs: options.checkpointEveryMs ?? 10_000,
      emit,
    }).finally(() => sources.close());
    if (last === null) throw stopped(options.out);
    await calibrateAverages(prepared, session.state, control.signal, emit).catch((error: unknown) => {
      throw control.isStopWanted ? stopped(options.out) : error;
    });
    const files = {
      skipped: reportFiles(data.skipped),
      changedMeanwhile: reportFiles(await data.changes()),
    };
    const best = last.best === null ? {} : { best: last.best };
    const idle = neverUpdated(graph, prepared.manifest.start);
    const notes = {
      ...(idle.length === 0 ? {} : { neverUpdated: idle }),
      ...(sources.features.length === 0 ? {} : { features: [...sources.features] }),
    };
    const trained = { ...resultOf(run.path, prepared.manifest, last.counters), data: prepared.dataPlan };
    const result = { ...trained, ...best, ...notes, ...files };
    await writeResult(run, result);
    return result;
  } finally {
    session.close();
  }
}

/**
 * The state before the first step. A run that starts from trained weights saves it at once, so that neither a resume
 * nor an export needs the file that they came from.
 */
async function beginState(
  { run, document, start }: PreparedRun,
  layout: StateLayout,
  state: FloatArray,
): Promise<void> {
  initializeState(layout, document.training.seed, state, start?.values);
  if (start !== null) await saveCheckpoint(run, layout, state, FRESH_COUNTERS);
}

function planEvent(prepared: PreparedRun, counters: Counters, more: readonly Message[]): TrainEvent {
  const { run, document, manifest, compute, data, notes } = prepared;
  const { epochs, batchSize, remainder, accumulate } = document.training;
  const { updates: steps, batches } = planEpoch(data.train.size, batchSize, remainder, accumulate);
  const { step: fromStep, epoch, batch } = counters.position;
  const headEpochs = headEpochsOf(document.training);
  return {
    type: 'plan',
    name: manifest.name,
    run: run.path,
    classNames: manifest.classNames,
    trainImages: data.train.size,
    validationImages: data.validation?.size ?? 0,
    skipped: data.skipped.map(({ file, reason }) => ({ file, reason })),
    epochs,
    stepsPerEpoch: steps,
    steps: steps * epochs,
    ...(headEpochs === 0 ? {} : { headSteps: steps * headEpochs }),
    fromStep,
    fromEpoch: epoch + batch / batches,
    precision: compute.precision,
    threads: compute.threads,
    backend: compute.backend.kind,
    backendDescription: compute.backend.description,
    data: prepared.dataPlan,
    notes: [...(headEpochs === 0 ? [] : [headPhaseNote(document.training, steps)]), ...notes, ...more],
  };
}

function resultOf(folder: string, manifest: RunManifest, { position, ...times }: Counters): RunResult {
  const { train, validation } = must(position.lastEpoch, 'last epoch of a finished run');
  const plain = ({ loss, accuracy }: { loss: number; accuracy: number }): RunResult['train'] => ({
    loss: Number.isFinite(loss) ? loss : null,
    accuracy,
  });
  return {
    run: path.resolve(folder),
    epochs: position.epoch,
    steps: position.step,
    train: plain(train),
    val: validation === null ? null : plain(validation),
    seconds: times.elapsedMs / 1000,
    imagesPerSecond: times.trainedImages / (Math.max(times.trainingMs, 1e-3) / 1000),
    dataWaitShare: times.dataWaitMs / Math.max(times.trainingMs, 1e-3),
    precision: manifest.compute.precision,
    backend: manifest.compute.backend,
    ...(manifest.extensions === undefined ? {} : { extensions: manifest.extensions }),
  };
}

function stopped(folder: string): AppError {
  return new AppError('interrupted', message('runs.stopped', { folder }), { where: folder });
}

function stoppedWhilePreparing(folder: string, hasState: boolean, cause: unknown): AppError {
  return hasState ? stopped(folder) : stoppedBeforeTraining(folder, cause);
}

function stoppedBeforeTraining(folder: string, cause: unknown): AppError {
  return new AppError('interrupted', message('runs.stoppedBefore', { folder }), {
    where: folder,
    cause,
  });
}
