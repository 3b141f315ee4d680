import { z } from 'zod';
import { AppError } from '#core/diagnostics/appError.ts';
import { lockRun } from '../folder/runLock.ts';

/**
 * For tests: a process that tries to lock each folder whose path it receives, reports the result, and keeps its locks.
 */
process.on('message', (place: unknown) => {
  void lockRun(z.string().parse(place)).then(
    () => process.send?.('mine'),
    (error: unknown) => process.send?.(error instanceof AppError ? error.code : String(error)),
  );
});
process.send?.('ready');
