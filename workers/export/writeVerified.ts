import { readFile } from 'node:fs/promises';
import { isFolderFormat, type FileFormatName } from '#core/export/formats.ts';
import { message } from '#core/words/message.ts';
import { toOutputError, writeTemporary } from '../files/atomicFile.ts';
import { FILE_CODECS } from './check/codecs.ts';
import type { Agreement } from './check/compare.ts';
import { sha256Of } from './check/digest.ts';
import { describeExport } from './check/notes.ts';
import { samplesInOwnSizes } from './check/ownSizes.ts';
import { samplesFor, type Samples } from './check/samples.ts';
import { compareWritten, type Compared } from './compareWritten.ts';
import type { ExportReport, ExportRequest, Written } from './exportRequest.ts';
import { writeBundle } from './writeBundle.ts';

/**
 * Writes a model file, or a folder of model files, under a temporary name, reads it back from disk with an independent
 * reader and compares its logits with the backend's own. The caller renames it (`writeInPlace`, `writeFolderInPlace`)
 * or removes it; it has made the folder. Throws `AppError`: 'export-differs' beyond what rounding explains
 * (`requireAgreement`), 'run-has-no-weights', 'diverged', 'interrupted', and those of `writeFileAtomic`.
 */
export async function writeVerified(request: ExportRequest, temporary: string): Promise<ExportReport> {
  request.onProgress?.(message('work.writing'), 0, null);
  await request.pace?.settle();
  const samples = await samplesOf(request);
  try {
    const { agreement, ...written } = await writeFormat(request, temporary, samples);
    const notes = describeExport(request.model, request.foldBatchNorm, samples, agreement);
    const { maxAbsDiff, maxRelDiff, top1Agreement } = agreement;
    const { checkpoint = 'last', step, epochs } = request.model.provenance;
    return {
      ...{ path: request.path, ...written },
      ...{ maxAbsDiff, maxRelDiff, top1Agreement, samples: samples.count, isNoise: samples.generated },
      ...{ checkpoint, step, epochs, notes },
    };
  } catch (error) {
    throw toOutputError(error, request.path);
  }
}

function samplesOf({
  model,
  withPreprocessing,
  samples,
  images,
  pace,
}: ExportRequest): Samples | Promise<Samples> {
  if (withPreprocessing === true) return samplesInOwnSizes(model, images ?? [], pace);
  return samplesFor(model, samples ?? new Uint8Array(0));
}

function writeFormat(request: ExportRequest, temporary: string, samples: Samples): Promise<Written> {
  const { format } = request;
  if (isFolderFormat(format)) return writeBundle({ ...request, format }, temporary, samples);
  return writeFile({ ...request, format }, temporary, samples);
}

async function writeFile(
  request: ExportRequest<FileFormatName>,
  temporary: string,
  samples: Samples,
): Promise<Written> {
  const bytes = FILE_CODECS[request.format].write(request.model, request);
  await request.pace?.settle();
  await writeTemporary(temporary, request.path, bytes);
  const written = await readFile(temporary);
  const agreement = await verifyExport(written, request, samples);
  return { agreement, sizeBytes: bytes.length, sha256: await sha256Of(written, request.pace) };
}

/**
 * Compares the logits of a written file with the backend's own on `samples`. Throws `AppError('export-differs')` when
 * the file cannot be read by the independent reader, or when its logits differ by more than rounding explains.
 */
export async function verifyExport(
  file: Uint8Array,
  request: Compared & { readonly format: FileFormatName },
  samples: Samples,
): Promise<Agreement> {
  const { readLogits } = FILE_CODECS[request.format];
  const compared = await compareWritten(request, samples, (each, backend) =>
    readLogits(file, samples, each, backend),
  );
  return compared.agreement;
}
