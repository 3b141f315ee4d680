import { foldMeasurementSchema, type FoldMeasurement } from '#core/contract/normPreview.ts';
import { message } from '#core/words/message.ts';
import { progressSchema, type Progress } from '../threads/progress.ts';
import { startThread, type Cancellable } from '../threads/startThread.ts';
import type { MeasureAsked } from './measureFold.ts';

/** The thread changes nothing, so one that computes without a break is ended. */
const KILL_AFTER_MS = 50;

/** Measures the effect of folding in a thread of its own. `done` rejects as `measureFold`, and with 'worker-died'. */
export function startMeasureFold(
  asked: MeasureAsked,
  onProgress: (progress: Progress) => void,
): Cancellable<FoldMeasurement> {
  return startThread({
    entry: new URL('./measureFoldWorker.ts', import.meta.url),
    name: 'fold',
    request: asked,
    event: progressSchema,
    result: foldMeasurementSchema,
    onEvent: onProgress,
    killAfterMs: KILL_AFTER_MS,
    died: message('folding.died'),
  });
}
