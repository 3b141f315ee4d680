import path from 'node:path';
import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { reportFiles, type RunFeatures, type RunResult } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { neverUpdated } from '#core/export/batchNormFacts.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { headEpochsOf, headPhaseNote } from '#core/training/headPhase.ts';
import { initializeState } from '#core/training/initialize.ts';
import { message, type Message } from '#core/words/message.ts';
import {
  CHECKPOINT_EVERY_MS,
  loadCheckpoint,
  refuseOtherSize,
  saveCheckpoint,
  type Counters,
} from '../runs/checkpoint/checkpoint.ts';
import type { PreparedData } from '../runs/data/prepareData.ts';
import { prepareRun, type PreparedRun } from './prepareRun.ts';
import { applyExtension, planResume, type ResumePlan } from './resumePlan.ts';
import { claimRunFolder, readRunStatus, writeResult, type ClaimedFolder } from '../runs/folder/runFolder.ts';
import { createTrainControl, type TrainControl } from './trainControl.ts';
import type { TrainPlan } from './trainEvents.ts';
import { comparedResult, trainsNothing, withMeasuredStart, type ComparedContext } from './comparedRun.ts';
import { measureStart } from './measureStart.ts';
import { endUntrained } from './untrainedRun.ts';
import { calibrateAverages } from './calibrateAverages.ts';
import { openRunSources } from './runSources.ts';
import { FRESH_COUNTERS, trainSession, type SessionEnd, type TrainSessionOptions } from './trainSession.ts';
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
  given: PreparedRun,
  plan: ResumePlan | null,
  options: TrainRunOptions,
  control: TrainControl,
): Promise<RunResult> {
  const { run, document, graph, compute } = given;
  const { signal } = control;
  const settings = document.training;
  const layout = buildStateLayout(graph, optimizerPlanOf(settings));
  await refuseOtherSize(run, layout);
  const session = compute.backend.open(layout, { threads: compute.threads, precision: compute.precision });
  try {
    const saved = await loadCheckpoint(run, layout, session.state, 'training');
    const emit = options.onEvent ?? (() => undefined);
    const context = { layout, state: session.state, options, signal, emit };
    const claimed =
      saved === null
        ? await beginState({ ...context, prepared: given }).catch((error: unknown) => {
            throw control.isStopWanted ? stoppedBeforeTraining(options.out, error) : error;
          })
        : given;
    if (plan?.wasFinished !== true && trainsNothing(claimed, layout))
      return await measureOnly({ ...context, prepared: claimed });
    const counters = saved?.counters ?? FRESH_COUNTERS;
    const prepared = await applyExtension(claimed, plan, saved?.counters.position.step ?? null);
    const sources = await openRunSources({
      ...{ prepared, session, emit, options, signal },
      epoch: counters.position.epoch,
    }).catch((error: unknown) => {
      const hasState = saved !== null || given.start !== null;
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
      checkpointEveryMs: options.checkpointEveryMs ?? CHECKPOINT_EVERY_MS,
      validated: validatedOf(prepared),
      emit,
    }).finally(() => sources.close());
    if (last === null) throw stopped(options.out);
    await calibrateAverages(prepared, session.state, signal, emit).catch((error: unknown) => {
      throw control.isStopWanted ? stopped(options.out) : error;
    });
    return await finish({ ...context, prepared }, last, sources.features).catch((error: unknown) => {
      throw control.isStopWanted ? stopped(options.out) : error;
    });
  } finally {
    session.close();
  }
}

/** The validation images of a run; null without any. */
function validatedOf({ data: { validation }, manifest }: PreparedRun): TrainSessionOptions['validated'] {
  if (validation === null) return null;
  const { digests } = validation.contents();
  return { labels: validation.labels, digests, classes: manifest.classNames.length };
}

/**
 * The state before the first step, with measured running statistics where the settings say so. A run that starts from
 * trained weights saves it at once, so that neither a resume nor an export needs the file that they came from. Returns
 * the run with its manifest as written.
 */
async function beginState(context: ComparedContext): Promise<PreparedRun> {
  const { layout, state, signal, emit } = context;
  const { run, document, start } = context.prepared;
  initializeState(layout, document.training.seed, state, start?.values);
  const prepared = await withMeasuredStart(context);
  const isMeasured = await measureStart(prepared, layout, state, signal, emit);
  if (start !== null || isMeasured) await saveCheckpoint(run, layout, state, FRESH_COUNTERS);
  return prepared;
}

/** Writes the result of a run that has trained to its end, and returns it. */
async function finish(
  context: ComparedContext,
  { counters, best }: SessionEnd,
  features: readonly RunFeatures[],
): Promise<RunResult> {
  const { run, manifest, dataPlan, data, ...network } = context.prepared;
  const idle = neverUpdated(network, manifest.start);
  const result = {
    ...resultOf(run.path, manifest, counters),
    data: dataPlan,
    ...(best === null ? {} : { best }),
    ...(idle.length === 0 ? {} : { neverUpdated: idle }),
    ...(features.length === 0 ? {} : { features: [...features] }),
    ...(await fileReports(data)),
    ...(await comparisonOf(context, best === null ? 'last' : 'best')),
  };
  await writeResult(run, result);
  return result;
}

/** The result of a run whose statistics are measured and whose weights do not train. */
async function measureOnly(context: ComparedContext): Promise<RunResult> {
  const { prepared, layout, state, signal, options, emit } = context;
  const { run, manifest, data, dataPlan } = prepared;
  const begunAt = performance.now();
  emit({ ...planEvent(prepared, FRESH_COUNTERS, [message('policies.nothingTrains')]), epochs: 0, steps: 0 });
  emit({ type: 'phase', phase: 'running' });
  try {
    const measured = await endUntrained(prepared, layout, state, signal, emit);
    const comparison = await comparisonOf(context, 'last');
    const seconds = (performance.now() - begunAt) / 1000;
    const { precision, backend } = manifest.compute;
    const figures = { ...measured, seconds, imagesPerSecond: 0, precision, backend };
    const result = {
      ...{ run: path.resolve(run.path), ...figures, data: dataPlan },
      ...{ ...(await fileReports(data)), ...comparison },
    };
    await writeResult(run, result);
    return result;
  } catch (error) {
    throw signal.aborted ? stopped(options.out) : error;
  }
}

async function comparisonOf(
  context: ComparedContext,
  checkpoint: CheckpointChoice,
): Promise<Pick<RunResult, 'comparison'>> {
  if (context.prepared.manifest.series === undefined) return {};
  return { comparison: await comparedResult(context, checkpoint) };
}

async function fileReports({ skipped, changes }: PreparedData): Promise<Partial<RunResult>> {
  return { skipped: reportFiles(skipped), changedMeanwhile: reportFiles(await changes()) };
}

function planEvent(prepared: PreparedRun, counters: Counters, more: readonly Message[]): TrainPlan {
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
