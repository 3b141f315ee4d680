import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import type { ExportFormat } from '#core/export/formats.ts';
import { message } from '#core/words/message.ts';
import { createPace } from '../threads/pace.ts';
import type { TaskContext } from '../threads/progress.ts';
import type { WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import { loadMeasuredRun } from '../inference/measuredModel.ts';
import type { ExportReport } from './exportRequest.ts';
import { sampleImages, sampleImagesInOwnSizes } from './sampleImages.ts';
import { writeVerified } from './writeVerified.ts';

/** What is exported, and the path of the file. */
export interface FolderExport {
  readonly run: string;
  readonly format: ExportFormat;
  readonly foldBatchNorm: boolean;
  /** See `ExportOptions`; false by default. */
  readonly withPreprocessing?: boolean | undefined;
  readonly path: string;
  readonly weights?: WeightsChoice;
  /** The last checkpoint by default. */
  readonly checkpoint?: CheckpointChoice;
  readonly cacheFolder?: string;
}

/**
 * Writes the trained network of a run folder under a temporary name and verifies it on images of the run's validation
 * folder (of its training folder when it has none, on noise when neither exists any more). The run is only read, its
 * checkpoint once: a run that trains meanwhile replaces the file, and the export keeps the state that it has read.
 * Throws as `writeVerified` and `loadMeasuredModel` do.
 */
export async function exportFolder(
  { run, format, foldBatchNorm, withPreprocessing = false, path, weights, ...more }: FolderExport,
  temporary: string,
  context: TaskContext,
): Promise<ExportReport> {
  const pace = createPace(context.signal, undefined, message('exporting.cancelled'));
  context.onProgress(message('work.reading'), 0, null);
  const { model, manifest } = await loadMeasuredRun(run, weights, { ...more, ...context });
  const samples = withPreprocessing
    ? { images: await sampleImagesInOwnSizes(manifest.data, model, context) }
    : { samples: await sampleImages(manifest.data, model, context) };
  const { onProgress } = context;
  const { fingerprint } = manifest.data;
  // The images of a run that was trained elsewhere are not known.
  const known = fingerprint === '' ? {} : { dataSha256: fingerprint };
  const request = { model, format, foldBatchNorm, withPreprocessing, path, ...samples };
  return writeVerified({ ...request, ...known, pace, onProgress }, temporary);
}
