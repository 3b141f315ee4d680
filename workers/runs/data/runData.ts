import type { RunManifest } from '#core/contract/runManifest.ts';
import { resizeOf } from '#core/document/dataSettings.ts';
import { openLabHome } from '../../files/labHome.ts';
import type { OnProgress } from '../../threads/progress.ts';
import { imageSize } from '../../compute/network.ts';
import { decodeData, findData, projectData, type DataRequest, type PreparedData } from './prepareData.ts';
import { networkOfRun } from '../folder/runNetwork.ts';
import { openRun } from '../folder/runFolder.ts';
import { refuseOtherImages } from './sameImages.ts';

export interface RunDataOptions {
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Does not decode the validation images. */
  readonly trainOnly?: boolean;
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
  return decodeData(options.trainOnly === true ? { ...found, validation: null } : found, request);
}

/** The image settings with which the run was started. Throws `AppError` for an invalid project. */
export function requestAsBegun(folder: string, manifest: RunManifest, options: RunDataOptions): DataRequest {
  const { document, graph } = networkOfRun(folder, manifest);
  const { data } = manifest;
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
  };
}
