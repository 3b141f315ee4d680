import { existsSync } from 'node:fs';
import path from 'node:path';
import { RUN_FILES } from '#core/contract/runManifest.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';

/**
 * Throws `AppError('output-not-writable')` for the path of a file of a run: one written over its checkpoint would
 * destroy the run.
 */
export function refuseRunFile(target: string): void {
  const folder = path.dirname(target);
  const isRunFile = Object.values(RUN_FILES).some((name) => name === path.basename(target));
  if (!isRunFile || !existsSync(path.join(folder, RUN_FILES.manifest))) return;
  throw new AppError('output-not-writable', message('exporting.runFile', { file: target, folder }), {
    where: target,
  });
}
