import { randomBytes } from 'node:crypto';
import { readFile, realpath, rename, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { Backend } from '#core/backend/backend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { exportOnnx } from '#core/export/exportOnnx.ts';
import { exportSafetensors } from '#core/export/exportSafetensors.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { toOutputError, writeFileAtomic } from './atomicFile.ts';
import { backendLogits } from './exportCheck/backendLogits.ts';
import { requireAgreement, type Agreement } from './exportCheck/compare.ts';
import { describeExport } from './exportCheck/notes.ts';
import { onnxLogits } from './exportCheck/onnxLogits.ts';
import { samplesFor, type Samples } from './exportCheck/samples.ts';
import { safetensorsLogits } from './exportCheck/safetensorsLogits.ts';

export type ExportFormat = 'onnx' | 'safetensors';

export interface ExportRequest {
  readonly model: TrainedModel;
  readonly format: ExportFormat;
  readonly foldBatchNorm: boolean;
  /** The file to write; one that is there is replaced once the new one has been verified. */
  readonly path: string;
  /**
   * Pictures to compare on, `[N, H, W, C]` bytes as a `BatchSource` gives them, in the size of the model's preprocessing. With
   * none, generated noise stands in and a note says so.
   */
  readonly samples: Uint8Array;
  /** Computes the logits to compare with; the best of this machine when absent. */
  readonly backend?: Backend;
}

export interface ExportReport {
  readonly path: string;
  readonly sizeBytes: number;
  /** Largest difference of a logit, over all samples. */
  readonly maxAbsDiff: number;
  /** Share of samples for which both find the same class, 0 to 1. */
  readonly top1Agreement: number;
  /** What the file holds and how it was checked, a line each. */
  readonly notes: readonly string[];
}

/**
 * Writes a model file, reads it back from the disk with an independent reader and compares its logits with the backend's own.
 * Only a file that agrees gets the final name. Throws `AppError`: 'export-differs' beyond the tolerance of `compare.ts`,
 * 'run-has-no-weights', 'diverged', and those of `writeFileAtomic`.
 */
export async function exportRun(request: ExportRequest): Promise<ExportReport> {
  const bytes = encodeModel(request);
  const target = await realpath(request.path).catch(() => path.resolve(request.path));
  const unverified = path.join(
    path.dirname(target),
    `.${path.basename(target)}.${randomBytes(6).toString('hex')}.unverified`,
  );
  const samples = samplesFor(request.model, request.samples);
  try {
    await writeFileAtomic(unverified, bytes);
    const agreement = await verifyExport(await readFile(unverified), request, samples);
    await rename(unverified, target);
    const notes = describeExport(request.model, request.foldBatchNorm, samples, agreement);
    const { maxAbsDiff, top1Agreement } = agreement;
    return { path: request.path, sizeBytes: bytes.length, maxAbsDiff, top1Agreement, notes };
  } catch (error) {
    await unlink(unverified).catch(() => undefined);
    throw atTarget(toOutputError(error, request.path), unverified, request.path);
  }
}

/**
 * Compares the logits of a written file with the backend's own on `samples`. Throws `AppError('export-differs')` when the file
 * cannot be read by the independent reader, or when its logits differ beyond the tolerance.
 */
export async function verifyExport(
  file: Uint8Array,
  request: Pick<ExportRequest, 'model' | 'format' | 'backend' | 'path'>,
  samples: Samples,
): Promise<Agreement> {
  const backend = request.backend ?? chooseBackend().backend;
  const own = backendLogits(backend, request.model, samples);
  const read = await readLogits(file, request.format, backend, samples).catch((cause: unknown) => {
    throw new AppError(
      'export-differs',
      `${request.path} was not written, because an independent reader could not read it back. Export again, and report it as a fault of NormLab if it persists.`,
      { where: request.path, cause },
    );
  });
  return requireAgreement(own, read, samples.count, request.path);
}

function encodeModel({ model, format, foldBatchNorm }: ExportRequest): Uint8Array {
  return format === 'onnx'
    ? exportOnnx(model, { foldBatchNorm })
    : exportSafetensors(model, { foldBatchNorm });
}

async function readLogits(
  file: Uint8Array,
  format: ExportFormat,
  backend: Backend,
  samples: Samples,
): Promise<Float64Array> {
  return format === 'onnx' ? onnxLogits(file, samples) : safetensorsLogits(file, backend, samples);
}

/** Errors name the file that the user asked for, not the temporary one. */
function atTarget(error: AppError, unverified: string, target: string): AppError {
  if (!error.message.includes(unverified) && error.where !== unverified) return error;
  return new AppError(error.code, error.message.replaceAll(unverified, target), {
    where: target,
    cause: error.cause,
  });
}
