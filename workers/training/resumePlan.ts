import { unlink } from 'node:fs/promises';
import path from 'node:path';
import type { RunManifest } from '#core/contract/runManifest.ts';
import type { RunResult } from '#core/contract/runResult.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { extensionOf, extensionNote } from '#core/training/extension.ts';
import { planEpoch } from '#core/training/epochPlan.ts';
import { message } from '#core/words/message.ts';
import { toOutputError } from '../files/atomicFile.ts';
import { findData } from '../runs/data/prepareData.ts';
import type { PreparedRun } from './prepareRun.ts';
import { epochsWished } from './resumeWish.ts';
import { requestAsBegun } from '../runs/data/runData.ts';
import { networkOfRun } from '../runs/folder/runNetwork.ts';
import { writeManifest, type RunStatus } from '../runs/folder/runFolder.ts';
import { refuseOtherImages } from '../runs/data/sameImages.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

/** How a run that was started continues. */
export interface ResumePlan {
  /** The manifest, with the number of epochs that the run is to have. */
  readonly manifest: RunManifest;
  /** The result of a finished run that is not to be trained further; null otherwise. */
  readonly result: RunResult | null;
  /** The previous number of epochs; null where it is unchanged. */
  readonly extendsFrom: number | null;
  readonly wasFinished: boolean;
}

/**
 * Decides how to continue the run in the folder; null when there is none, or when it is not to be resumed. Throws
 * `AppError` for options that the run cannot follow, and for a run that was trained elsewhere: 'arguments', and
 * 'folder-classes-differ' for other images.
 */
export async function planResume(options: TrainRunOptions, status: RunStatus): Promise<ResumePlan | null> {
  if (options.resume !== true || status.kind === 'none') return null;
  const { manifest } = status;
  if (manifest.origin !== undefined) throw trainedElsewhere(options.out);
  const { document } = networkOfRun(options.out, manifest);
  const epochs = epochsWished(status, options);
  const isExtended = epochs > document.training.epochs;
  const wasFinished = status.kind === 'finished';
  if (wasFinished && !isExtended) {
    await refuseOtherFolders(options, manifest);
    return { manifest, result: status.result, extendsFrom: null, wasFinished };
  }
  if (!isExtended) return { manifest, result: null, extendsFrom: null, wasFinished };
  const longer = { ...document, training: { ...document.training, epochs } };
  return {
    manifest: { ...manifest, project: serializeDocument(longer) },
    result: null,
    extendsFrom: document.training.epochs,
    wasFinished,
  };
}

/**
 * Writes that a run continues for more epochs, once its images and its checkpoint have been found. From then on the run
 * counts as unfinished. Returns the run with the manifest as written and a note; unchanged without an extension.
 * `step`: updates done; null without a checkpoint. Throws `AppError`: 'run-has-no-weights' for a finished run whose
 * checkpoint is missing, and those of writing.
 */
export async function applyExtension(
  prepared: PreparedRun,
  plan: ResumePlan | null,
  step: number | null,
): Promise<PreparedRun> {
  if (plan === null || plan.extendsFrom === null) return prepared;
  const { run, document, data } = prepared;
  if (plan.wasFinished && step === null) throw checkpointGone(run.path);
  const { epochs, batchSize, remainder, accumulate } = document.training;
  const { updates } = planEpoch(data.train.size, batchSize, remainder, accumulate);
  const before = { ...document.training, epochs: plan.extendsFrom };
  const extension = extensionOf(before, epochs, step ?? 0, updates);
  const manifest = { ...plan.manifest, extensions: [...(plan.manifest.extensions ?? []), extension] };
  await writeManifest(run, manifest);
  await unlink(run.files.result).catch((error: unknown) => {
    if (plan.wasFinished) throw toOutputError(error, run.files.result);
  });
  return { ...prepared, manifest, notes: [extensionNote(extension), ...prepared.notes] };
}

/** A finished run reads no images, so it would not notice other ones by itself. */
async function refuseOtherFolders(options: TrainRunOptions, manifest: RunManifest): Promise<void> {
  const { trainFolder, validationFolder } = manifest.data;
  const differs = (given: string | null, begun: string | null): boolean =>
    given !== null && path.resolve(given) !== begun;
  if (!differs(options.train, trainFolder) && !differs(options.validation, validationFolder)) return;
  const request = requestAsBegun(options.out, manifest, {
    ...(options.cacheFolder === undefined ? {} : { cacheFolder: options.cacheFolder }),
    ...(options.control === undefined ? {} : { signal: options.control.signal }),
  });
  const found = await findData({
    ...request,
    train: options.train ?? request.train,
    validation: options.validation ?? request.validation,
    labels: options.labels ?? request.labels,
  });
  await refuseOtherImages(options.out, manifest, found);
}

function trainedElsewhere(folder: string): AppError {
  return new AppError('arguments', message('remote.noMoments', { folder }), { where: folder });
}

function checkpointGone(folder: string): AppError {
  return new AppError('run-has-no-weights', message('runs.checkpointGone', { folder }), { where: folder });
}
