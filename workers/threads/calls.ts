import { z } from 'zod';
import { errorDataSchema } from '#core/contract/run.ts';
import { AppError, toErrorData } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { serveThread } from './serveThread.ts';
import { startThread, type ThreadHandle } from './startThread.ts';
import { rebuildFailure } from './threadEnd.ts';

/** The calls that a thread serves: each takes and returns plain data. */
export type CallHandlers = Readonly<Record<string, (params: never) => unknown>>;
type ParamsOf<H extends CallHandlers, M extends keyof H> = Parameters<H[M]>[0];
type ResultOf<H extends CallHandlers, M extends keyof H> = Awaited<ReturnType<H[M]>>;

const requestSchema = z.object({ id: z.number(), method: z.string(), params: z.unknown() });
const answerSchema = z.union([
  z.object({ id: z.number(), ok: z.literal(true), result: z.unknown() }),
  z.object({ id: z.number(), ok: z.literal(false), error: errorDataSchema }),
  z.object({ event: z.unknown() }),
]);
type CallRequest = z.infer<typeof requestSchema>;
type CallAnswer = z.infer<typeof answerSchema>;

/** A persistent thread that answers calls, for work that would block the calling thread. */
export interface CallThread<H extends CallHandlers> {
  /** Rejects with the handler's error, or with 'worker-died'; the next call then starts a new thread. */
  call<M extends keyof H & string>(method: M, params: ParamsOf<H, M>): Promise<ResultOf<H, M>>;
  /** Ends the thread; pending calls are rejected with 'interrupted'. */
  close(): Promise<void>;
  /** Ends the thread after the pending calls are answered. */
  finish(): Promise<void>;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/**
 * Creates a thread of calls, which starts at its first call. `entry` serves with `serveCalls`; `onEvent` receives its
 * unrequested events, `died` is the message of 'worker-died'.
 */
export function callThread<H extends CallHandlers>(
  entry: URL,
  name: string,
  data: unknown,
  onEvent: (event: unknown) => void,
  died = message('lab.threadDied'),
): CallThread<H> {
  const waiting = new Map<number, Waiting>();
  let thread: ThreadHandle<never> | null = null;
  let nextId = 1;
  let whenIdle = (): void => undefined;
  const refuseAll = (error: unknown): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
    whenIdle();
  };
  const becomeIdle = (): void => {
    // An idle thread must not keep the process alive.
    thread?.keepProcess(false);
    whenIdle();
  };
  const settle = (answer: CallAnswer): void => {
    if ('event' in answer) return onEvent(answer.event);
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) becomeIdle();
    if (answer.ok) asked?.resolve(answer.result);
    else asked?.reject(rebuildFailure(answer.error));
  };
  const start = (): ThreadHandle<never> => {
    const talk = { event: answerSchema, result: z.never(), onEvent: settle, died };
    const started = startThread({ entry, name, request: data, ...talk });
    started.done.catch((error: unknown) => {
      if (thread !== started) return;
      thread = null;
      refuseAll(error);
    });
    return started;
  };
  const close = async (): Promise<void> => {
    const ending = thread;
    thread = null;
    refuseAll(new AppError('interrupted', message('lab.closing')));
    await ending?.kill();
  };
  return {
    call: <M extends keyof H & string>(method: M, params: ParamsOf<H, M>) =>
      new Promise<ResultOf<H, M>>((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve: resolve, reject });
        thread ??= start();
        thread.keepProcess(true);
        thread.post({ id, method, params } satisfies CallRequest);
      }),
    close,
    finish: async () => {
      if (waiting.size > 0) await new Promise<void>((resolve) => (whenIdle = resolve));
      await close();
    },
  };
}

/**
 * Serves the calls of this worker thread with the handlers that `make` returns for its data. `callThread` is the other
 * side.
 */
export function serveCalls<D>(
  data: z.ZodType<D>,
  make: (data: D, tell: (event: unknown) => void) => CallHandlers,
): Promise<void> {
  return serveThread<D, CallRequest, CallAnswer, never>(
    { request: data, command: requestSchema },
    (given, { tell, onCommand }) => {
      const handlers = make(given, (event) => tell({ event }));
      const answer = async (method: string, params: unknown): Promise<unknown> => {
        const handler = must(handlers[method], `handler of ${method}`) as (params: unknown) => unknown;
        return handler(params);
      };
      onCommand(({ id, method, params }) => {
        answer(method, params).then(
          (result) => tell({ id, ok: true, result }),
          (error: unknown) => tell({ id, ok: false, error: toErrorData(error) }),
        );
      });
      // It serves until its parent ends it.
      return new Promise<never>(() => undefined);
    },
  );
}
