import { Worker } from 'node:worker_threads';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { quietIdleThreads } from '../native/idleThreads.ts';
import type { ParentMessage } from './serveThread.ts';
import { threadEnd, type ThreadTalk } from './threadEnd.ts';

/** A thread as it is started. */
interface ThreadStart<E, R> extends ThreadTalk<E, R> {
  /**
   * The worker's own file, by its relative name in the file that starts it, which lies beside it: so the bundle finds
   * both.
   */
  readonly entry: URL;
  readonly name: string;
  /** Handed to the thread; it parses it. */
  readonly request: unknown;
  /**
   * How long after a cancel the thread is ended from outside, in milliseconds: only for work that changes nothing until
   * its end. Absent: the thread is waited for, and may still succeed when the cancel comes too late.
   */
  readonly killAfterMs?: number;
}

/** Work under way. */
export interface Cancellable<R> {
  /** Asks the work to end; `done` then rejects with 'interrupted'. */
  cancel(): void;
  /** Its outcome. */
  readonly done: Promise<R>;
}

/** A thread that works. */
export interface ThreadHandle<R> extends Cancellable<R> {
  /** Sends a command that the thread serves. */
  post(command: unknown): void;
  /** The outcome, once the thread is gone. Rejects with what it threw, or with 'worker-died'. */
  readonly done: Promise<R>;
  /** Ends the thread at once, as a crash would. */
  kill(): Promise<void>;
  /** Whether the process waits for the thread; it does from the start. */
  keepProcess(isKept: boolean): void;
}

/**
 * Starts work in a thread of its own: training, measuring, exports, and the threads that answer calls. `serveThread` is
 * the other side.
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
  // The failure also reaches whoever awaits `done`; work that nobody awaits must not end the process.
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
