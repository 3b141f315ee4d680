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

/**
 * Computing in one piece may keep a thread from hearing its cancel; what it leaves is a temporary file, removed here.
 */
const KILL_AFTER_MS = 50;

const DIED = message('exporting.died');

interface ExportStart extends FolderExport {
  /** False: a file that is there is left as it is, even one that appears while the export goes on. */
  readonly overwrite: boolean;
}

/**
 * Exports a run folder in a thread of its own. The file gets its name here and at last, so that a cancelled export
 * never writes. `done` rejects as `exportFolder` throws, with 'output-exists' where the name is taken,
 * 'output-not-writable' for a file of a run, 'interrupted' and 'worker-died'.
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

/** A model file in the place of a run's checkpoint would be the end of the run. */
function refuseRunFile(target: string): void {
  const folder = path.dirname(target);
  const isRunFile = Object.values(RUN_FILES).some((name) => name === path.basename(target));
  if (!isRunFile || !existsSync(path.join(folder, RUN_FILES.manifest))) return;
  throw new AppError('output-not-writable', message('exporting.runFile', { file: target, folder }), {
    where: target,
  });
}
