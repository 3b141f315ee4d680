import { serveTask } from '../threads/serveThread.ts';
import { recalibrateOwn, undoRecalibration } from './recalibrateOwn.ts';
import { recalibrationRequestSchema } from './recalibrationMessages.ts';

/** Entry of a recalibration thread: one pass or its undoing, then what the run stores now. */
await serveTask(recalibrationRequestSchema, ({ run, checkpoint = 'last', work }, context) =>
  work.kind === 'undo'
    ? undoRecalibration(run, checkpoint)
    : recalibrateOwn(run, { batches: work.batches, cacheFolder: work.cacheFolder, checkpoint, ...context }),
);
