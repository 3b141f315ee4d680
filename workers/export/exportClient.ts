import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { progressSchema, type Progress } from '../threads/progress.ts';
import { startThread, type Cancellable, type ThreadHandle } from '../threads/startThread.ts';
import type { FolderExport } from './exportFolder.ts';
import { exportReportSchema, type ExportThreadRequest } from './exportMessages.ts';
import type { ExportReport } from './exportRequest.ts';
import { refuseRunFile } from './refuseRunFile.ts';
import { placeExport } from './placeExport.ts';

/** A thread that computes without a break may not receive its cancel. Its temporary file is then removed here. */
const KILL_AFTER_MS = 50;

/** A cancel is answered this soon, even where the thread is in native code or waits for a slow disk. */
const ANSWER_AFTER_MS = 60;

const DIED = message('exporting.died');

interface ExportStart extends FolderExport {
  /** False: an existing file is not replaced, even one that appears during the export. */
  readonly overwrite: boolean;
}

/** An export in progress. */
interface StartedExport extends Cancellable<ExportReport> {
  /**
   * Rejects with 'interrupted' soon after a cancel; the thread may then still have to end, and what it wrote to be
   * removed, before `done` rejects. Stays open where the cancel came too late.
   */
  readonly cancelled: Promise<never>;
}

/**
 * Exports a run folder in a thread of its own. The file or folder is renamed to its final name here, as the last step,
 * so that a cancelled export never replaces a file. `done` rejects as `exportFolder` throws, with 'output-exists' where
 * the name is taken, 'output-not-writable' for a file of a run, 'interrupted' and 'worker-died'.
 */
export function startExport(
  { overwrite, ...asked }: ExportStart,
  onProgress: (progress: Progress) => void,
): StartedExport {
  let task: Cancellable<ExportReport> | null = null;
  let isCancelled = false;
  /** From here on a cancel comes too late. */
  let isPlaced = false;
  let answer: (error: AppError) => void = () => undefined;
  const cancelled = new Promise<never>((_, reject) => (answer = reject));
  cancelled.catch(() => undefined);
  const refuseCancelled = (): void => {
    if (isCancelled) throw cancelledExport();
  };
  const done = placeExport({ ...asked, overwrite }, async (temporary, target) => {
    refuseRunFile(target);
    refuseUnableFormat(asked);
    refuseCancelled();
    task = startVerified({ ...asked, temporary }, onProgress);
    const report = await task.done;
    refuseCancelled();
    isPlaced = true;
    return report;
  });
  return {
    cancel: () => {
      isCancelled = true;
      task?.cancel();
      setTimeout(() => {
        if (!isPlaced) answer(cancelledExport());
      }, ANSWER_AFTER_MS);
    },
    ...{ done, cancelled },
  };
}

function cancelledExport(): AppError {
  return new AppError('interrupted', message('exporting.cancelledNoFile'));
}

/** A format of weights has no computation that could prepare images. */
function refuseUnableFormat({ format, withPreprocessing }: FolderExport): void {
  if (withPreprocessing !== true || format === 'onnx') return;
  throw new AppError('arguments', message('exporting.cannotPrepare', { format }));
}

function startVerified(
  {
    weights,
    checkpoint = 'last',
    cacheFolder,
    withPreprocessing = false,
    ...asked
  }: FolderExport & { readonly temporary: string },
  onProgress: (progress: Progress) => void,
): ThreadHandle<ExportReport> {
  const request: ExportThreadRequest = {
    ...asked,
    ...{ checkpoint, withPreprocessing },
    weights: weights ?? null,
    cacheFolder: cacheFolder ?? null,
  };
  return startThread({
    entry: new URL('./exportWorker.ts', import.meta.url),
    name: 'export',
    request,
    event: progressSchema,
    result: exportReportSchema,
    onEvent: onProgress,
    killAfterMs: KILL_AFTER_MS,
    died: DIED,
  });
}
