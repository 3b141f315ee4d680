import { Worker } from 'node:worker_threads';
import type { z } from 'zod';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { quietIdleThreads } from '../native/idleThreads.ts';
import { threadEnd, threadMessageSchema, type ThreadMessage } from './threadEnd.ts';
import { progressSchema, type Progress } from './progress.ts';

/** A thread of work as it is started. */
export interface ThreadStart<E, R> {
  /** The worker's own file, by its relative name in the file that starts it, which lies beside it: so the bundle finds both. */
  readonly entry: URL;
  readonly name: string;
  /** Handed to the thread; it parses it. */
  readonly request: unknown;
  readonly messages: z.ZodType<ThreadMessage<E, R>>;
  readonly onEvent: (event: E) => void;
  /** What 'worker-died' says. */
  readonly died: Message;
}

/** A thread that works. */
export interface RunningThread<R> {
  post(command: unknown): void;
  /** The outcome, once the thread is gone. Rejects with what it threw, or with 'worker-died'. */
  readonly done: Promise<R>;
  /** Ends the thread at once, as a crash would. */
  kill(): Promise<void>;
}

/** Starts work in a thread of its own; `serveThread` is the other side. */
export function startThread<E, R>(start: ThreadStart<E, R>): RunningThread<R> {
  quietIdleThreads();
  const worker = new Worker(start.entry, { workerData: start.request, name: start.name });
  return {
    post: (command) => worker.postMessage(command),
    done: threadEnd(worker, start.messages, start.onEvent, start.died),
    kill: async () => {
      await worker.terminate();
    },
  };
}

/** Work that is asked for once, tells how far it is and can be cancelled. */
export interface TaskStart<R> extends Pick<ThreadStart<never, R>, 'entry' | 'name' | 'request' | 'died'> {
  readonly result: z.ZodType<R>;
  readonly onProgress: (progress: Progress) => void;
  /**
   * How long after a cancel the thread is ended from outside, in milliseconds: only for work that changes nothing until its end. Absent:
   * the thread is waited for, and may still succeed when the cancel comes too late.
   */
  readonly killAfterMs?: number;
}

export interface TaskHandle<R> {
  /** Ends the work; `done` then rejects with 'interrupted'. */
  cancel(): void;
  readonly done: Promise<R>;
}

/** Starts a task in a thread of its own; `serveTask` is the other side. */
export function startTask<R>({ result, onProgress, killAfterMs, ...start }: TaskStart<R>): TaskHandle<R> {
  const messages = threadMessageSchema(progressSchema, result) as z.ZodType<ThreadMessage<Progress, R>>;
  const thread = startThread({ ...start, messages, onEvent: onProgress });
  let isCancelled = false;
  const done = thread.done.catch((error: unknown) => {
    const isKilled = isCancelled && error instanceof AppError && error.code === 'worker-died';
    throw isKilled ? new AppError('interrupted', message('lab.cancelled')) : error;
  });
  return {
    cancel: () => {
      isCancelled = true;
      thread.post('cancel');
      if (killAfterMs !== undefined) setTimeout(() => void thread.kill(), killAfterMs);
    },
    done,
  };
}
