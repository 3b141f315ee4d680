import { callThread, type CallThread } from '../../threads/calls.ts';
import type { StorageHandlers } from './storageHandlers.ts';

type StorageThread = CallThread<StorageHandlers>;

/** The calls that the host's services make to it. */
export type Storage = Pick<StorageThread, 'call'>;

/**
 * The thread that reads and writes files for the host: parsing and hashing a large project, a page of metrics or a list
 * of runs would delay a Cancel on the host's own thread. It has no other work, so that saving a project does not wait
 * for the plan of a million images.
 */
export function storageThread(): StorageThread {
  const entry = new URL('./storageWorker.ts', import.meta.url);
  return callThread<StorageHandlers>(entry, 'storage', null, () => undefined);
}
