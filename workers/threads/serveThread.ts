import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { seldom, type OnProgress, type Progress } from './progress.ts';
import type { ThreadMessage } from './threadEnd.ts';

/** Work under way in this thread. */
export interface Served<C, R> {
  obey(command: C): void;
  readonly done: Promise<R>;
}

/** Serves the request of this worker thread: events and one end to the parent, commands from there. `startThread` is the other side. */
export async function serveThread<Q, C, E, R>(
  schemas: { readonly request: z.ZodType<Q>; readonly command: z.ZodType<C> },
  begin: (request: Q, tell: (event: E) => void) => Served<C, R>,
): Promise<void> {
  const port = must(parentPort, 'parent of a worker thread');
  const send = (message: ThreadMessage<E, R>): void => port.postMessage(message);
  try {
    const request = schemas.request.parse(workerData);
    const { obey, done } = begin(request, (event) => send({ kind: 'event', event }));
    port.on('message', (message: unknown) => obey(schemas.command.parse(message)));
    send({ kind: 'done', result: await done });
  } catch (error) {
    send({ kind: 'failed', error: toErrorData(error) });
  } finally {
    port.close();
  }
}

/** What a task is given beside its request. */
export interface TaskContext {
  /** Aborted by the parent's cancel. */
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

/** Serves a task: one piece of work with progress and cancel. `startTask` is the other side. */
export function serveTask<Q, R>(
  request: z.ZodType<Q>,
  work: (request: Q, context: TaskContext) => Promise<R>,
): Promise<void> {
  return serveThread<Q, 'cancel', Progress, R>({ request, command: z.literal('cancel') }, (asked, tell) => {
    const abort = new AbortController();
    const context = { signal: abort.signal, onProgress: seldom(tell) };
    return { obey: () => abort.abort(), done: work(asked, context) };
  });
}
