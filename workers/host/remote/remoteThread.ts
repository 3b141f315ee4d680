import { callThread, type CallThread } from '../../threads/calls.ts';
import type { RemoteHandlers } from './remoteHandlers.ts';

type RemoteThread = CallThread<RemoteHandlers>;

/** The calls that the host's services make to it. */
export type RemoteCalls = Pick<RemoteThread, 'call'>;

/**
 * The thread that reads the folders of runs that train elsewhere. A network folder may take long to answer, and the
 * metrics of a long training take long to parse: neither saving a project nor a plan waits for them.
 */
export function remoteThread(): RemoteThread {
  const entry = new URL('./remoteWorker.ts', import.meta.url);
  return callThread<RemoteHandlers>(entry, 'remote', null, () => undefined);
}
