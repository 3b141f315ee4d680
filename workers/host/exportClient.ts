import { existsSync } from 'node:fs';
import { unlink } from 'node:fs/promises';
import path from 'node:path';
import { RUN_FILES } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import type { Progress } from '../threads/progress.ts';
import { startTask, type TaskHandle } from '../threads/startThread.ts';
import { placeFile, realTarget, refuseTaken } from './atomicFile.ts';
import type { FolderExport } from './exportFolder.ts';
import { exportReportSchema, type ExportThreadRequest } from './exportMessages.ts';
import type { ExportReport } from './exportRun.ts';
import { temporaryName } from './temporaryFiles.ts';

/** Computing in one piece may keep a thread from hearing its cancel; what it leaves is a temporary file, removed here. */
const KILL_AFTER_MS = 50;

const DIED = message('exporting.died');

export interface ExportStart extends FolderExport {
  /** False: a file that is there is left as it is, even one that appears while the export goes on. */
  readonly overwrite: boolean;
}

/**
 * Exports a run folder in a thread of its own. The file gets its name here and at last, so that a cancelled export never writes.
 * `done` rejects as `exportFolder` throws, with 'output-exists' where the name is taken, 'output-not-writable' for a file of a run,
 * 'interrupted' and 'worker-died'.
 */
export function startExport(
  { overwrite, ...asked }: ExportStart,
  onProgress: (progress: Progress) => void,
): TaskHandle<ExportReport> {
  let task: TaskHandle<ExportReport> | null = null;
  let isCancelled = false;
  const refuseCancelled = (): void => {
    if (isCancelled) throw new AppError('interrupted', message('exporting.cancelledNoFile'));
  };
  const work = async (): Promise<ExportReport> => {
    await refuseTaken(asked.path, overwrite);
    const target = await realTarget(asked.path);
    refuseRunFile(target);
    const temporary = temporaryName(target);
    try {
      refuseCancelled();
      task = startVerified({ ...asked, temporary }, onProgress);
      const report = await task.done;
      refuseCancelled();
      await placeFile(temporary, target, overwrite);
      return report;
    } finally {
      await unlink(temporary).catch(() => undefined);
    }
  };
  return {
    cancel: () => {
      isCancelled = true;
      task?.cancel();
    },
    done: work(),
  };
}

function startVerified(
  { weights, checkpoint = 'last', cacheFolder, ...asked }: FolderExport & { readonly temporary: string },
  onProgress: (progress: Progress) => void,
): TaskHandle<ExportReport> {
  const request: ExportThreadRequest = {
    ...asked,
    checkpoint,
    weights: weights ?? null,
    cacheFolder: cacheFolder ?? null,
  };
  return startTask({
    entry: new URL('./exportWorker.ts', import.meta.url),
    name: 'export',
    request,
    result: exportReportSchema,
    onProgress,
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
