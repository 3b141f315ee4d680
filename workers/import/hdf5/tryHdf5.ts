import { z } from 'zod';
import { AppError } from '#core/diagnostics/appError.ts';
import { brokenFile, namingFile } from '#core/import/fileFault.ts';
import { message } from '#core/words/message.ts';
import { startThread } from '../../threads/startThread.ts';

/** Seconds without a step after which a file is given up. A step is a group or a tensor: milliseconds, mostly. */
const PATIENCE = 30;
const SECOND_MS = 1000;

/**
 * Reads a whole HDF5 file in a thread of its own. Throws the `AppError` of the first fault, and
 * `AppError('model-invalid')` where libhdf5 does not come to an end or ends the thread.
 */
export async function tryHdf5(
  bytes: Uint8Array<ArrayBuffer>,
  fileName: string,
  patience: number = PATIENCE,
): Promise<void> {
  let idleSeconds = 0;
  const { done, kill } = startThread({
    entry: new URL('./hdf5TrialWorker.ts', import.meta.url),
    name: 'hdf5-trial',
    request: { bytes, fileName },
    event: z.null(),
    result: z.null(),
    onEvent: () => (idleSeconds = 0),
    died: message('kerasFiles.hdf5Broken'),
  });
  // Ticks of this process: while it is held up itself, no time passes for the thread.
  const watch = setInterval(() => {
    idleSeconds += 1;
    if (idleSeconds > patience) void kill();
  }, SECOND_MS);
  try {
    await done;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'worker-died') throw error;
    namingFile(fileName, () => {
      throw brokenFile(message('kerasFiles.hdf5Endless'), error.cause);
    });
  } finally {
    clearInterval(watch);
  }
}
