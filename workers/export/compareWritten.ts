import type { Backend } from '#core/backend/backend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { chooseBackend } from '#workers/native/chooseBackend.ts';
import { backendLogits, type EachPiece } from './check/backendLogits.ts';
import type { Agreement } from './check/compare.ts';
import { requireAgreement } from './check/judge.ts';
import type { Samples } from './check/samples.ts';
import type { ExportRequest } from './exportRequest.ts';

/** What a comparison needs of an export. */
export type Compared = Pick<ExportRequest, 'model' | 'backend' | 'path' | 'onProgress' | 'pace'>;

/** The logits of the network and of what was written, `[N, K]` each, and how far they agree. */
export interface Comparison {
  readonly own: Float64Array;
  readonly read: Float64Array;
  readonly agreement: Agreement;
}

/**
 * Computes the logits of `samples` by the backend and by `readLogits`, the independent reader of what was written.
 * Throws `AppError('export-differs')` when the reader throws, or when the logits differ by more than rounding explains.
 */
export async function compareWritten(
  request: Compared,
  samples: Samples,
  readLogits: (each: EachPiece, backend: Backend) => Promise<Float64Array>,
): Promise<Comparison> {
  const backend = request.backend ?? chooseBackend().backend;
  const computing = eachOf(request, message('work.computing'), samples);
  await computing(0);
  const own = await backendLogits(backend, request.model, samples, computing);
  request.onProgress?.(message('work.readingBack'), 0, null);
  await request.pace?.settle();
  const comparing = eachOf(request, message('work.comparing'), samples);
  const read = await asWritten(request.path, () => readLogits(comparing, backend));
  const agreement = await requireAgreement(request.model, samples, { own, read }, request.path, request);
  return { own, read, agreement };
}

/** Reports each piece of one pass over the samples, and hears a cancel. */
function eachOf({ onProgress, pace }: Compared, label: Message, { count: total }: Samples): EachPiece {
  let done = 0;
  return async (count) => {
    done += count;
    onProgress?.(label, done, total);
    await pace?.settle();
  };
}

/** Runs a check of what was written; its failure becomes `AppError('export-differs')`, unless it was cancelled. */
export async function asWritten<T>(where: string, check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'interrupted') throw cause;
    throw new AppError('export-differs', message('exporting.unreadable', { file: where }), { where, cause });
  }
}
