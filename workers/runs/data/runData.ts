import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { resizeOf } from '#core/document/dataSettings.ts';
import { message } from '#core/words/message.ts';
import type { ImageSet } from '../../data/imageSet/imageSet.ts';
import { openLabHome } from '../../files/labHome.ts';
import type { OnProgress } from '../../threads/progress.ts';
import { imageSize } from '../../compute/network.ts';
import { decodeData, findData, projectData, type DataRequest, type PreparedData } from './prepareData.ts';
import { networkOfRun } from '../folder/runNetwork.ts';
import { openRun } from '../folder/runFolder.ts';
import type { SplitPart } from './runSplit.ts';
import { refuseOtherImages } from './sameImages.ts';

export interface RunDataOptions {
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Images that need more are read from the cache file; by default as in training. */
  readonly memoryBudgetBytes?: number | undefined;
}

/**
 * The decoded images of a run, from the folders that it was trained on, with its own split. Throws `AppError`: those of
 * the run folder and of the image folders, 'folder-classes-differ' when they no longer hold the same images.
 */
export async function openRunData(folder: string, options: RunDataOptions = {}): Promise<PreparedData> {
  const { manifest } = await openRun(folder);
  const request = requestAsBegun(folder, manifest, options);
  const found = await findData(request);
  await refuseOtherImages(folder, manifest, found);
  return decodeData(found, request);
}

/** The decoded images of one part of a run. */
export interface RunPart extends ImageSet {
  /** Folder that the names of the images belong to. */
  readonly root: string;
}

/**
 * The decoded images of one part of a run, as `openRunData`; the other part is not decoded. Also throws
 * `AppError('folder-no-images')` for the validation part of a run without validation.
 */
export async function openRunPart(
  folder: string,
  part: SplitPart,
  options: RunDataOptions = {},
): Promise<RunPart> {
  const { manifest } = await openRun(folder);
  const request = requestAsBegun(folder, manifest, options);
  const found = await findData(request);
  await refuseOtherImages(folder, manifest, found);
  const side = part === 'train' ? found.train : found.validation;
  if (side === null)
    throw new AppError('folder-no-images', message('runs.hasNoValidation', { folder }), { where: folder });
  const { train, skipped } = await decodeData({ ...found, train: side, validation: null }, request);
  return { ...train, skipped, root: side.scan.root };
}

/** The image settings with which the run was started. Throws `AppError` for an invalid project. */
export function requestAsBegun(folder: string, manifest: RunManifest, options: RunDataOptions): DataRequest {
  const { document, graph } = networkOfRun(folder, manifest);
  const { data } = manifest;
  if (data.trainFolder === null)
    throw new AppError('folder-not-found', message('remote.imagesElsewhere', { folder }), { where: folder });
  return {
    train: data.trainFolder,
    validation: data.validationFolder,
    ...projectData(document),
    labels: data.labels ?? null,
    splitFrom: data.splitFrom ?? null,
    target: { ...imageSize(graph), ...resizeOf(document.data) },
    cacheFolder: options.cacheFolder ?? openLabHome().cache,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
    memoryBudgetBytes: options.memoryBudgetBytes,
  };
}
