import { normStatisticsSchema, type NormStatistics } from '#core/contract/normStatistics.ts';
import { message } from '#core/words/message.ts';
import { progressSchema, type Progress } from '../threads/progress.ts';
import { startThread, type ThreadHandle } from '../threads/startThread.ts';
import type { RecalibrationRequest } from './recalibrationMessages.ts';

/** A recalibration, or its undoing, in a thread of its own. When it is cancelled, the checkpoint stays unchanged. */
type RecalibrationHandle = ThreadHandle<NormStatistics>;

const DIED = message('runs.recalibrationDied');

/**
 * Starts the work on a run folder in a worker thread. `done` resolves with the statistics that the run then stores, or
 * rejects as `recalibrateOwn` throws.
 */
export function startRecalibration(
  request: RecalibrationRequest,
  onProgress: (progress: Progress) => void,
): RecalibrationHandle {
  return startThread({
    entry: new URL('./recalibrationWorker.ts', import.meta.url),
    name: 'recalibration',
    request,
    event: progressSchema,
    result: normStatisticsSchema,
    onEvent: onProgress,
    died: DIED,
  });
}
