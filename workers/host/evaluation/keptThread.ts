import { callThread, type CallThread } from '../../threads/calls.ts';
import type { KeptData, KeptHandlers } from './keptHandlers.ts';

export type KeptThread = CallThread<KeptHandlers>;

/**
 * The thread that reads kept evaluations for the host: the logits of 50,000 images of 1,000 classes are 200 MB, and a
 * scan or a plan in the reading thread must not wait for them.
 */
export function keptThread(data: KeptData, onEvent: (event: unknown) => void): KeptThread {
  const entry = new URL('./keptWorker.ts', import.meta.url);
  return callThread<KeptHandlers>(entry, 'evaluations', data, onEvent);
}
