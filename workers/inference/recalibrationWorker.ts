import type { NormStatistics } from '#core/contract/normStatistics.ts';
import { seldom, type Progress } from '../threads/progress.ts';
import { serveThread } from '../threads/serveThread.ts';
import { recalibrateOwn, undoRecalibration } from './recalibrateOwn.ts';
import { recalibrationRequestSchema, type RecalibrationTask } from './recalibrationMessages.ts';

/** Entry of a recalibration thread: measures or undoes, then returns the run's stored statistics. */
await serveThread<RecalibrationTask, never, Progress, NormStatistics>(
  { request: recalibrationRequestSchema },
  ({ run, checkpoint, work }, { signal, tell }) =>
    work.kind === 'undo'
      ? undoRecalibration(run, checkpoint)
      : recalibrateOwn(run, { ...work, checkpoint, signal, onProgress: seldom(tell) }),
);
