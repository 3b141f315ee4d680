import { Worker } from 'node:worker_threads';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { quietIdleThreads } from '../native/idleThreads.ts';
import type { ParentMessage } from './serveThread.ts';
import { threadEnd, type ThreadTalk } from './threadEnd.ts';

/** How to start a thread. */
interface ThreadStart<E, R> extends ThreadTalk<E, R> {
  /**
   * The file name of the worker, relative to the starting file and in the same folder, so that the bundle finds both.
   */
  readonly entry: URL;
  readonly name: string;
  /** Passed to the thread, which parses it. */
  readonly request: unknown;
  /**
   * Time after a cancel until the thread is terminated, in milliseconds: only for work that changes nothing until its
   * end. Absent: the thread is awaited, and may still succeed when the cancel comes too late.
   */
  readonly killAfterMs?: number;
}

/** Work in progress. */
export interface Cancellable<R> {
  /** Requests the end of the work; `done` then rejects with 'interrupted'. */
  cancel(): void;
  /** Its outcome. */
  readonly done: Promise<R>;
}

/** A working thread. */
export interface ThreadHandle<R> extends Cancellable<R> {
  /** Sends a command that the thread serves. */
  post(command: unknown): void;
  /** The outcome, once the thread has exited. Rejects with its error, or with 'worker-died'. */
  readonly done: Promise<R>;
  /** Ends the thread at once, as a crash would. */
  kill(): Promise<void>;
  /** Whether the process waits for the thread; true at first. */
  keepProcess(isKept: boolean): void;
}

/**
 * Starts work in a thread of its own: training, measuring, exports, and threads that answer calls. `serveThread` is the
 * other side.
 */
export function startThread<E, R>({
  entry,
  name,
  request,
  killAfterMs,
  ...talk
}: ThreadStart<E, R>): ThreadHandle<R> {
  quietIdleThreads();
  const worker = new Worker(entry, { workerData: request, name });
  const post = (message: ParentMessage): void => worker.postMessage(message);
  const kill = async (): Promise<void> => void (await worker.terminate());
  let isCancelled = false;
  const done = threadEnd(worker, talk).catch((error: unknown) => {
    const isKilled = isCancelled && error instanceof AppError && error.code === 'worker-died';
    throw isKilled ? new AppError('interrupted', message('lab.cancelled')) : error;
  });
  // The failure also reaches those who await `done`; work that nobody awaits must not end the process.
  done.catch(() => undefined);
  return {
    cancel: () => {
      isCancelled = true;
      post({ kind: 'cancel' });
      if (killAfterMs !== undefined) setTimeout(() => void kill(), killAfterMs);
    },
    post: (command) => post({ kind: 'command', command }),
    done,
    kill,
    keepProcess: (isKept) => (isKept ? worker.ref() : worker.unref()),
  };
}
