import { parentPort, workerData, Worker } from 'node:worker_threads';
import { z } from 'zod';
import { errorDataSchema } from '#core/contract/run.ts';
import { AppError, toErrorData } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { quietIdleThreads } from '../native/idleThreads.ts';
import { rebuildFailure } from './threadEnd.ts';

/** What a thread of calls can do: each takes plain data and gives plain data. */
export type CallHandlers = Readonly<Record<string, (params: never) => unknown>>;
type ParamsOf<H extends CallHandlers, M extends keyof H> = Parameters<H[M]>[0];
type ResultOf<H extends CallHandlers, M extends keyof H> = Awaited<ReturnType<H[M]>>;

const requestSchema = z.object({ id: z.number(), method: z.string(), params: z.unknown() });
const answerSchema = z.union([
  z.object({ id: z.number(), ok: z.literal(true), result: z.unknown() }),
  z.object({ id: z.number(), ok: z.literal(false), error: errorDataSchema }),
  z.object({ event: z.unknown() }),
]);

/** A thread that stays and answers calls, for work that would keep the calling thread deaf. */
export interface CallThread<H extends CallHandlers> {
  /** Rejects as the handler throws, or with 'worker-died'; the next call then starts a new thread. */
  call<M extends keyof H & string>(method: M, params: ParamsOf<H, M>): Promise<ResultOf<H, M>>;
  /** Ends the thread; what is under way is refused with 'interrupted'. */
  close(): Promise<void>;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: AppError): void;
}

/** Makes a thread of calls, started at its first call. `entry` serves with `serveCalls`; `onEvent` hears what it tells unasked. */
export function callThread<H extends CallHandlers>(
  entry: URL,
  name: string,
  data: unknown,
  onEvent: (event: unknown) => void,
): CallThread<H> {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let nextId = 1;
  const refuseAll = (error: AppError): void => {
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const settle = (message: unknown): void => {
    const answer = answerSchema.parse(message);
    if ('event' in answer) return onEvent(answer.event);
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    // A thread without work must not keep the process alive.
    if (waiting.size === 0) worker?.unref();
    if (answer.ok) asked?.resolve(answer.result);
    else asked?.reject(rebuildFailure(answer.error));
  };
  const start = (): Worker => {
    quietIdleThreads();
    const started = new Worker(entry, { workerData: data, name });
    let cause: unknown = null;
    started.on('message', settle);
    started.on('error', (error: unknown) => (cause = error));
    started.on('exit', () => {
      if (worker !== started) return;
      worker = null;
      refuseAll(new AppError('worker-died', message('lab.threadDied'), { cause }));
    });
    return started;
  };
  return {
    call: <M extends keyof H & string>(method: M, params: ParamsOf<H, M>) =>
      new Promise<ResultOf<H, M>>((resolve, reject) => {
        const id = nextId++;
        waiting.set(id, { resolve: resolve, reject });
        worker ??= start();
        worker.ref();
        worker.postMessage({ id, method, params });
      }),
    close: async () => {
      const ending = worker;
      worker = null;
      refuseAll(new AppError('interrupted', message('lab.closing')));
      await ending?.terminate();
    },
  };
}

/** Serves the calls of this worker thread with the handlers that `make` gives for its data. `callThread` is the other side. */
export function serveCalls<D>(
  data: z.ZodType<D>,
  make: (data: D, tell: (event: unknown) => void) => CallHandlers,
): void {
  const port = must(parentPort, 'parent of a worker thread');
  const handlers = make(data.parse(workerData), (event) => port.postMessage({ event }));
  const answer = async (method: string, params: unknown): Promise<unknown> => {
    const handler = must(handlers[method], `handler of ${method}`) as (params: unknown) => unknown;
    return handler(params);
  };
  port.on('message', (message: unknown) => {
    const { id, method, params } = requestSchema.parse(message);
    answer(method, params).then(
      (result) => port.postMessage({ id, ok: true, result }),
      (error: unknown) => port.postMessage({ id, ok: false, error: toErrorData(error) }),
    );
  });
}
