import { callThread, type CallThread } from '../../threads/calls.ts';
import type { StorageHandlers } from './storageHandlers.ts';

type StorageThread = CallThread<StorageHandlers>;

/** What the services of the host ask of it. */
export type Storage = Pick<StorageThread, 'call'>;

/**
 * The thread that reads and writes files for the host: parsing and hashing a large project, a page of metrics or a list
 * of runs would keep the host from hearing a Cancel. It has no other work, so that a project is not saved after the
 * plan of a million images.
 */
export function storageThread(): StorageThread {
  const entry = new URL('./storageWorker.ts', import.meta.url);
  return callThread<StorageHandlers>(entry, 'storage', null, () => undefined);
}
