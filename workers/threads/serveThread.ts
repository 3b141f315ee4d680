import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { ThreadMessage } from './threadEnd.ts';

const parentMessageSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cancel') }),
  z.object({ kind: z.literal('command'), command: z.unknown() }),
]);
/** The messages that a thread receives after its request. */
export type ParentMessage = z.infer<typeof parentMessageSchema>;

/** Schemas of the messages that a thread accepts. */
interface ThreadSchemas<Q, C> {
  readonly request: z.ZodType<Q>;
  /** None by default. */
  readonly command?: z.ZodType<C>;
}

/** Passed to the work of a thread, beside its request. */
interface ThreadContext<C, E> {
  /** Aborted by the parent's cancel. */
  readonly signal: AbortSignal;
  tell(event: E): void;
  /** Calls `listener` with each command from now on. */
  onCommand(listener: (command: C) => void): void;
}

/**
 * Serves the request of this worker thread: sends events and one end message to the parent, receives cancel and
 * commands from it. `startThread` is the other side. The thread ends with its work.
 */
export async function serveThread<Q, C, E, R>(
  { request, command = z.never() }: ThreadSchemas<Q, C>,
  work: (request: Q, context: ThreadContext<C, E>) => Promise<R>,
): Promise<void> {
  const port = must(parentPort, 'parent of a worker thread');
  const send = (message: ThreadMessage): void => port.postMessage(message);
  const abort = new AbortController();
  let obey: (command: C) => void = () => undefined;
  try {
    const done = work(request.parse(workerData), {
      signal: abort.signal,
      tell: (event) => send({ kind: 'event', event }),
      onCommand: (listener) => (obey = listener),
    });
    port.on('message', (data: unknown) => {
      const message = parentMessageSchema.parse(data);
      if (message.kind === 'cancel') abort.abort();
      else obey(command.parse(message.command));
    });
    send({ kind: 'done', result: await done });
  } catch (error) {
    send({ kind: 'failed', error: toErrorData(error) });
  } finally {
    port.close();
  }
}
