import { readFile } from 'node:fs/promises';
import type { Backend } from '#core/backend/backend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { ExportFormat } from '#core/export/formats.ts';
import { message, type Message } from '#core/words/message.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import type { Pace } from '../threads/pace.ts';
import type { OnProgress } from '../threads/progress.ts';
import { toOutputError, writeTemporary } from '../files/atomicFile.ts';
import { backendLogits } from './check/backendLogits.ts';
import { CODECS } from './check/codecs.ts';
import type { Agreement } from './check/compare.ts';
import { requireAgreement } from './check/judge.ts';
import { describeExport } from './check/notes.ts';
import { samplesFor, type Samples } from './check/samples.ts';

export interface ExportRequest {
  readonly model: TrainedModel;
  readonly format: ExportFormat;
  readonly foldBatchNorm: boolean;
  /** The file to write. */
  readonly path: string;
  /**
   * Images to compare on, `[N, H, W, C]` bytes as a `BatchSource` returns them, in the size of the model's
   * preprocessing. Without any, generated noise is used and a note says so.
   */
  readonly samples: Uint8Array;
  /** Computes the reference logits; this machine's best backend when absent. */
  readonly backend?: Backend;
  readonly onProgress?: OnProgress;
  /** Processes messages between two parts of the work, and throws when it is cancelled. */
  readonly pace?: Pace;
}

export interface ExportReport {
  readonly path: string;
  readonly sizeBytes: number;
  /** Largest difference of a logit, over all samples. */
  readonly maxAbsDiff: number;
  /** Share of samples for which both predict the same class, 0 to 1. */
  readonly top1Agreement: number;
  /** Notes on the contents of the file and on its verification, one per line. */
  readonly notes: readonly Message[];
}

/**
 * Writes a model file under a temporary name, reads it back from disk with an independent reader and compares its
 * logits with the backend's own. The caller renames it (`writeInPlace`) or removes it. Throws `AppError`:
 * 'export-differs' beyond what rounding explains (`requireAgreement`), 'run-has-no-weights', 'diverged', 'interrupted',
 * and those of `writeFileAtomic`.
 */
export async function writeVerified(request: ExportRequest, temporary: string): Promise<ExportReport> {
  const { model, onProgress, pace } = request;
  onProgress?.(message('work.writing'), 0, null);
  await pace?.settle();
  const bytes = CODECS[request.format].write(model, request);
  await pace?.settle();
  const samples = samplesFor(model, request.samples);
  try {
    await writeTemporary(temporary, request.path, bytes);
    const agreement = await verifyExport(await readFile(temporary), request, samples);
    const notes = describeExport(model, request.foldBatchNorm, samples, agreement);
    const { maxAbsDiff, top1Agreement } = agreement;
    return { path: request.path, sizeBytes: bytes.length, maxAbsDiff, top1Agreement, notes };
  } catch (error) {
    throw toOutputError(error, request.path);
  }
}

/**
 * Compares the logits of a written file with the backend's own on `samples`. Throws `AppError('export-differs')` when
 * the file cannot be read by the independent reader, or when its logits differ by more than rounding explains.
 */
export async function verifyExport(
  file: Uint8Array,
  request: Pick<ExportRequest, 'model' | 'format' | 'backend' | 'path' | 'onProgress' | 'pace'>,
  samples: Samples,
): Promise<Agreement> {
  const backend = request.backend ?? chooseBackend().backend;
  let done = 0;
  const each = async (count: number): Promise<void> => {
    done += count;
    request.onProgress?.(message('work.comparing'), done, 2 * samples.count);
    await request.pace?.settle();
  };
  await each(0);
  const own = await backendLogits(backend, request.model, samples, each);
  const reading = CODECS[request.format].readLogits(file, samples, each, backend);
  const read = await reading.catch((cause: unknown) => {
    if (cause instanceof AppError && cause.code === 'interrupted') throw cause;
    throw unreadable(request.path, cause);
  });
  return requireAgreement(request.model, samples, { own, read }, request.path, request);
}

function unreadable(where: string, cause: unknown): AppError {
  return new AppError('export-differs', message('exporting.unreadable', { file: where }), { where, cause });
}
