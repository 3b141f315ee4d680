import { message } from '#core/words/message.ts';
import { progressSchema, type Progress } from '../threads/progress.ts';
import { startThread, type ThreadHandle } from '../threads/startThread.ts';
import { pairFoundSchema, type PairFound, type PairRequest } from './pairRequest.ts';

const DIED = message('lab.threadDied');

/**
 * Starts the thread that evaluates two networks. `done` rejects as `evaluatePair` throws; a cancelled evaluation leaves
 * nothing.
 */
export function startPair(
  request: PairRequest,
  onProgress: (progress: Progress) => void,
): ThreadHandle<PairFound> {
  return startThread({
    ...{ entry: new URL('./pairWorker.ts', import.meta.url), name: 'pair', request },
    ...{ event: progressSchema, result: pairFoundSchema, onEvent: onProgress, died: DIED },
  });
}
