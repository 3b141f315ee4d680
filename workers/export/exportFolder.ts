import { join } from 'node:path';
import type { RunManifest } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import type { ExportFormat } from '#core/export/formats.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { message } from '#core/words/message.ts';
import { decodeImage } from '../data/decode/decodeImage.ts';
import { createPace } from '../threads/pace.ts';
import { scanFolder } from '../data/scan/scanFolder.ts';
import type { TaskContext } from '../threads/progress.ts';
import type { WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import { loadMeasuredModel } from '../inference/measuredModel.ts';
import { openRun } from '../runs/folder/runFolder.ts';
import { writeVerified, type ExportReport } from './writeVerified.ts';

/** Number of real images on which an exported file is compared with the network; spread over the classes. */
const SAMPLE_COUNT = 32;

/** What is exported, and the path of the file. */
export interface FolderExport {
  readonly run: string;
  readonly format: ExportFormat;
  readonly foldBatchNorm: boolean;
  readonly path: string;
  readonly weights?: WeightsChoice;
  /** The last checkpoint by default. */
  readonly checkpoint?: CheckpointChoice;
  readonly cacheFolder?: string;
}

/**
 * Writes the trained network of a run folder under a temporary name and verifies it on images of the run's validation
 * folder (of its training folder when it has none, on noise when neither exists any more). The run is only read. Throws
 * as `writeVerified` and `loadMeasuredModel` do.
 */
export async function exportFolder(
  { run, format, foldBatchNorm, path, weights, ...more }: FolderExport,
  temporary: string,
  context: TaskContext,
): Promise<ExportReport> {
  const pace = createPace(context.signal, undefined, message('exporting.cancelled'));
  context.onProgress(message('work.reading'), 0, null);
  const model = await loadMeasuredModel(run, weights, { ...more, ...context });
  const { manifest } = await openRun(run);
  const samples = await sampleImages(manifest.data, model, context);
  const { onProgress } = context;
  return writeVerified({ model, format, foldBatchNorm, path, samples, pace, onProgress }, temporary);
}

/**
 * Up to `SAMPLE_COUNT` decoded images `[N, H, W, C]`, evenly spread over the folder; none when it is no longer
 * readable.
 */
async function sampleImages(
  { validationFolder, trainFolder, labels }: RunManifest['data'],
  { preprocessing, document }: TrainedModel,
  { signal, onProgress }: TaskContext,
): Promise<Uint8Array> {
  const scan = await scanFolder(validationFolder ?? trainFolder, {
    labels: validationFolder === null ? (labels ?? null) : null,
    // Read with the folder options of the run: without them a table or its parts may be refused, and noise would be
    // compared.
    columns: document.data.table,
    subfolders: document.data.subfolders,
    signal,
    onProgress: (done, total) => onProgress(message('work.scanning'), done, total),
  }).catch((thrown: unknown) => {
    if (thrown instanceof AppError && thrown.code !== 'interrupted') return null;
    throw thrown;
  });
  if (scan === null) return new Uint8Array(0);
  const stride = Math.max(1, Math.floor(scan.images.length / SAMPLE_COUNT));
  const count = Math.min(SAMPLE_COUNT, Math.ceil(scan.images.length / stride));
  const chosen = Array.from({ length: count }, (_, at) => scan.images.fileOf(at * stride));
  const pictures = await Promise.all(
    chosen.map((file) => decodeImage(join(scan.root, file), preprocessing).catch(() => null)),
  );
  return Buffer.concat(pictures.filter((image) => image !== null));
}
