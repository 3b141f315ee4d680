import { Worker } from 'node:worker_threads';
import type { NormStatistics } from '#core/contract/normStatistics.ts';
import { quietIdleThreads } from '../native/idleThreads.ts';
import {
  recalibrationMessageSchema,
  type RecalibrationProgress,
  type RecalibrationRequest,
} from './recalibrationMessages.ts';
import { threadEnd } from './threadEnd.ts';

/** A recalibration, or its undoing, in a thread of its own. */
export interface RecalibrationHandle {
  /** Ends a pass at its next batch without a change; `done` then rejects with 'interrupted'. */
  cancel(): void;
  /** The outcome, once the thread is gone. Rejects as `recalibrateOwn` throws, or with 'worker-died'. */
  readonly done: Promise<NormStatistics>;
}

const DIED =
  'The recalibration ended unexpectedly; the checkpoint is as it was or whole with the new statistics: look, and try again.';

/** Starts the work on a run folder in a worker thread. */
export function startRecalibration(
  request: RecalibrationRequest,
  onProgress: (progress: RecalibrationProgress) => void,
): RecalibrationHandle {
  quietIdleThreads();
  const worker = new Worker(new URL('./recalibrationWorker.ts', import.meta.url), {
    workerData: request,
    name: 'recalibration',
  });
  return {
    cancel: () => worker.postMessage('cancel'),
    done: threadEnd(worker, recalibrationMessageSchema, onProgress, DIED),
  };
}
