import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildStateLayout } from '#core/compile/stateLayout.ts';
import { optimizerPlanOf } from '#core/compile/optimizerPlan.ts';
import type { ClusterImage, ClusterPhase, ClusterRun } from '#core/cluster/clusterModel.ts';
import { unsupportedOnCluster } from '#core/cluster/unsupported.ts';
import { AppError, fromErrorData } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { parseDocument } from '#core/document/parse.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { headEpochsOf, lateStartOf } from '#core/training/headPhase.ts';
import { initializeState } from '#core/training/initialize.ts';
import { message } from '#core/words/message.ts';
import { networkOf } from '../compute/network.ts';
import type { ImageSet } from '../data/imageSet/imageSet.ts';
import { claimRunFolder, runFolderAt } from '../runs/folder/runFolder.ts';
import type { TaskContext } from '../threads/progress.ts';
import { measureStart } from '../training/measureStart.ts';
import { phasesAhead } from '../training/phasesAhead.ts';
import { prepareRun, type PreparedRun } from '../training/prepareRun.ts';
import { phasePrograms } from '../training/runPrograms.ts';
import { createTrainControl } from '../training/trainControl.ts';
import type { TrainEvent } from '../training/trainEvents.ts';
import type { ClusterRequest } from './clusterRequest.ts';

/**
 * Plans a run as training does: the same images in the same order, the same split, normalization and first weights. A
 * temporary run folder holds what a run writes before its first step. Throws `AppError` as `prepareRun` does, and
 * 'arguments' for settings that the project does not have.
 */
export async function planCluster(request: ClusterRequest, context: TaskContext): Promise<ClusterRun> {
  const parsed = parseDocument(request.project);
  if (!parsed.ok) throw fromErrorData(parsed.error);
  const { document } = parsed;
  refuseUnsupported(document);
  const temporary = await mkdtemp(path.join(tmpdir(), 'normlab-cluster-'));
  try {
    return await planIn(path.join(temporary, 'run'), document, request, context);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function refuseUnsupported(document: GraphDocument): void {
  const [first] = unsupportedOnCluster(document, networkOf(document));
  if (first !== undefined) throw new AppError('arguments', message('cluster.refused', { what: first }));
}

async function planIn(
  out: string,
  document: GraphDocument,
  request: ClusterRequest,
  { signal, onProgress }: TaskContext,
): Promise<ClusterRun> {
  const control = createTrainControl();
  const stop = (): void => control.stop();
  signal.addEventListener('abort', stop);
  const run = await claimRunFolder(out, false);
  try {
    if (signal.aborted) stop();
    const onEvent = (event: TrainEvent): void => {
      if (event.type === 'progress') onProgress(event.label, event.done, event.total);
    };
    const { train, validation, labels, splitFrom, from, partial, weightsFolders, cacheFolder } = request;
    const prepared = await prepareRun({
      ...{ document, train, validation, labels, splitFrom, from, partial, weightsFolders, out, onEvent },
      ...(cacheFolder === null ? {} : { cacheFolder }),
      ...{ control, run, begun: null },
    });
    try {
      return await clusterRunOf(prepared, control.signal, onEvent);
    } finally {
      await prepared.data.close();
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await run.release();
  }
}

async function clusterRunOf(
  prepared: PreparedRun,
  signal: AbortSignal,
  emit: (event: TrainEvent) => void,
): Promise<ClusterRun> {
  const { run, document, graph, data, manifest, start } = prepared;
  const layout = buildStateLayout(graph, optimizerPlanOf(document.training));
  const state = new Float32Array(layout.totalSize);
  initializeState(layout, document.training.seed, state, start?.values);
  await measureStart(prepared, layout, state, signal, emit);
  const { validationFolder } = manifest.data;
  const trainFolder = must(manifest.data.trainFolder, 'the training folder of a planned run');
  return {
    ...{ document, graph, layout, state },
    phases: phasesOf(prepared),
    classNames: manifest.classNames,
    preprocessing: manifest.preprocessing,
    start: manifest.start,
    normlabVersion: manifest.normlabVersion,
    labels: data.train.labels,
    train: imagesOf(data.train, trainFolder),
    validation: data.validation === null ? [] : imagesOf(data.validation, validationFolder ?? trainFolder),
    hasValidationFolder: validationFolder !== null,
    split: await readFile(runFolderAt(run.path).files.split, 'utf8'),
  };
}

function phasesOf(prepared: PreparedRun): ClusterPhase[] {
  const { document, graph, data } = prepared;
  const { epochs, batchSize, remainder, accumulate } = document.training;
  const { updates } = planEpoch(data.train.size, batchSize, remainder, accumulate);
  const ahead = phasesAhead(document, graph, 0).filter((phase) => phase.epochs > 0);
  return ahead.map(({ phase, graph: network }) => ({
    untilEpoch: phase === 'head' ? headEpochsOf(document.training) : epochs,
    graph: network,
    program: phasePrograms(prepared, network, lateStartOf(document.graph, document.training, updates))
      .trainProgram,
  }));
}

/** The samples of a set in order, with their names relative to `folder`. */
function imagesOf(set: ImageSet, folder: string): ClusterImage[] {
  const { items, digests } = set.contents();
  return items.map(({ path: file, sizeBytes }, sample) => ({
    file: path.relative(folder, file).split(path.sep).join('/'),
    class: must(set.labels[sample], `label ${String(sample)}`),
    bytes: sizeBytes,
    digest: digests.hexAt(sample),
  }));
}
