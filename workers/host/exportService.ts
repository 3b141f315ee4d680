import { join } from 'node:path';
import type { LabResult } from '#core/contract/labApi.ts';
import type { Preprocessing } from '#core/contract/preprocessing.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { decodeImage } from '../data/decodeImage.ts';
import { scanFolder } from '../data/scanFolder.ts';
import type { WeightsChoice } from '../trainer/exactStatisticsFile.ts';
import { loadMeasuredModel } from '../trainer/measuredModel.ts';
import { openRun } from '../trainer/runFolder.ts';
import { exportRun, type ExportFormat, type ExportReport } from './exportRun.ts';
import type { FileGrants } from './fileGrants.ts';
import { refuseForeign } from './overwriteGuard.ts';
import { plainName } from './projectService.ts';

/** Real pictures on which an exported file is compared with the network; spread over the classes. */
const SAMPLE_COUNT = 32;

const ENDINGS: Readonly<Record<ExportFormat, string>> = { onnx: '.onnx', safetensors: '.safetensors' };

/**
 * Exports the trained network of a run folder to `path`, checked on pictures of the run's own validation folder (its training
 * folder when it has none, noise when neither is there any more). Throws as `exportRun` and `loadMeasuredModel` do.
 */
export async function exportRunFolder(
  runFolder: string,
  format: ExportFormat,
  foldBatchNorm: boolean,
  path: string,
  { weights, cacheFolder }: { readonly weights?: WeightsChoice; readonly cacheFolder?: string } = {},
): Promise<ExportReport> {
  const model = await loadMeasuredModel(runFolder, weights, cacheFolder === undefined ? {} : { cacheFolder });
  const { manifest } = await openRun(runFolder);
  const folder = manifest.data.validationFolder ?? manifest.data.trainFolder;
  const samples = await samplePictures(folder, model.preprocessing);
  return exportRun({ model, format, foldBatchNorm, path, samples });
}

/** `run.export` of the screen: the file goes into a granted folder under a plain name. */
export async function exportForScreen(
  grants: FileGrants,
  { runFolder, cacheFolder }: { readonly runFolder: string; readonly cacheFolder: string },
  request: { format: ExportFormat; foldBatchNorm: boolean; folder: string; name: string },
): Promise<LabResult<'run.export'>> {
  const folder = grants.resolve(request.folder, 'folder', 'create');
  const path = join(folder, plainName(request.name, ENDINGS[request.format]));
  await refuseForeign(path, request.format);
  const report = await exportRunFolder(runFolder, request.format, request.foldBatchNorm, path, {
    cacheFolder,
  });
  return {
    file: must(grants.grantBelow(request.folder, report.path, 'export'), 'grant of an exported file'),
    sizeBytes: report.sizeBytes,
    maxAbsDiff: report.maxAbsDiff,
    top1Agreement: report.top1Agreement,
    notes: [...report.notes],
  };
}

/** Up to `SAMPLE_COUNT` decoded pictures `[N, H, W, C]`, evenly spread over the folder; none when it cannot be read any more. */
async function samplePictures(folder: string, target: Preprocessing): Promise<Uint8Array> {
  const scan = await scanFolder(folder).catch((thrown: unknown) => {
    if (thrown instanceof AppError) return null;
    throw thrown;
  });
  if (scan === null) return new Uint8Array(0);
  const stride = Math.max(1, Math.floor(scan.images.length / SAMPLE_COUNT));
  const count = Math.min(SAMPLE_COUNT, Math.ceil(scan.images.length / stride));
  const chosen = Array.from({ length: count }, (_, at) => scan.images.fileOf(at * stride));
  const pictures = await Promise.all(
    chosen.map((file) => decodeImage(join(scan.root, file), target).catch(() => null)),
  );
  return Buffer.concat(pictures.filter((picture) => picture !== null));
}
