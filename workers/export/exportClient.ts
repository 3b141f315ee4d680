import { existsSync } from 'node:fs';
import path from 'node:path';
import { RUN_FILES } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { progressSchema, type Progress } from '../threads/progress.ts';
import { startThread, type Cancellable, type ThreadHandle } from '../threads/startThread.ts';
import { writeInPlace } from '../files/writeInPlace.ts';
import type { FolderExport } from './exportFolder.ts';
import { exportReportSchema, type ExportThreadRequest } from './exportMessages.ts';
import type { ExportReport } from './writeVerified.ts';

/** A thread that computes without a break may not receive its cancel. Its temporary file is then removed here. */
const KILL_AFTER_MS = 50;

const DIED = message('exporting.died');

interface ExportStart extends FolderExport {
  /** False: an existing file is not replaced, even one that appears during the export. */
  readonly overwrite: boolean;
}

/**
 * Exports a run folder in a thread of its own. The file is renamed to its final name here, as the last step, so that a
 * cancelled export never replaces a file. `done` rejects as `exportFolder` throws, with 'output-exists' where the name
 * is taken, 'output-not-writable' for a file of a run, 'interrupted' and 'worker-died'.
 */
export function startExport(
  { overwrite, ...asked }: ExportStart,
  onProgress: (progress: Progress) => void,
): Cancellable<ExportReport> {
  let task: Cancellable<ExportReport> | null = null;
  let isCancelled = false;
  const refuseCancelled = (): void => {
    if (isCancelled) throw new AppError('interrupted', message('exporting.cancelledNoFile'));
  };
  const done = writeInPlace(asked.path, overwrite, async (temporary, target) => {
    refuseRunFile(target);
    refuseCancelled();
    task = startVerified({ ...asked, temporary }, onProgress);
    const report = await task.done;
    refuseCancelled();
    return report;
  });
  return {
    cancel: () => {
      isCancelled = true;
      task?.cancel();
    },
    done,
  };
}

function startVerified(
  { weights, checkpoint = 'last', cacheFolder, ...asked }: FolderExport & { readonly temporary: string },
  onProgress: (progress: Progress) => void,
): ThreadHandle<ExportReport> {
  const request: ExportThreadRequest = {
    ...asked,
    checkpoint,
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

/** A model file written over a run's checkpoint would destroy the run. */
function refuseRunFile(target: string): void {
  const folder = path.dirname(target);
  const isRunFile = Object.values(RUN_FILES).some((name) => name === path.basename(target));
  if (!isRunFile || !existsSync(path.join(folder, RUN_FILES.manifest))) return;
  throw new AppError('output-not-writable', message('exporting.runFile', { file: target, folder }), {
    where: target,
  });
}
