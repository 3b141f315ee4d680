import { AppError } from '#core/diagnostics/appError.ts';
import type { Message } from '#core/words/message.ts';
import type { Progress } from './progress.ts';
import { taskNewsSchema } from './threadTasks.ts';

/** A cancel is answered this soon, even where the thread is only starting or computes a long step. */
const ANSWER_AFTER_MS = 60;

/** A call of a thread. */
interface CalledTask<T> {
  /** Done before the call. */
  readonly prepare?: () => Promise<void>;
  readonly call: () => Promise<T>;
  /** Passes a cancel to the thread. */
  readonly cancel: () => Promise<unknown>;
}

interface Running {
  isTooLate: boolean;
  stop(): void;
}

/** Calls of a thread with `ThreadTasks`, each of which can be cancelled. */
export class TaskCalls {
  private readonly running = new Map<string, Running>();
  private readonly onProgress: (taskId: string, progress: Progress) => void;
  private readonly said: { readonly stopped: Message; readonly underWay: Message };

  /** `said`: the messages of a task that was cancelled, and of one that is under way already. */
  constructor(
    onProgress: (taskId: string, progress: Progress) => void,
    said: { readonly stopped: Message; readonly underWay: Message },
  ) {
    this.onProgress = onProgress;
    this.said = said;
  }

  /** Takes what the thread tells. */
  hear(event: unknown): void {
    const news = taskNewsSchema.parse(event);
    const task = this.running.get(news.taskId);
    if (task === undefined) return;
    if ('progress' in news) this.onProgress(news.taskId, news.progress);
    else task.isTooLate = true;
  }

  /**
   * The outcome of `call`. After a cancel it is rejected with 'interrupted' soon, unless the thread has said that it is
   * too late. Throws `AppError('arguments')` for a task that is under way, and what `prepare` and `call` throw.
   */
  async run<T>(taskId: string, { prepare, call, cancel }: CalledTask<T>): Promise<T> {
    const { stopped, underWay } = this.said;
    if (this.running.has(taskId)) throw new AppError('arguments', underWay);
    let [isCalled, isCancelled] = [false, false];
    let refuse: (error: AppError) => void = () => undefined;
    const early = new Promise<never>((_, reject) => (refuse = reject));
    const task: Running = {
      isTooLate: false,
      stop: () => {
        isCancelled = true;
        if (isCalled) cancel().catch(() => undefined);
        // What the thread has told by then is heard before the answer.
        const answer = (): void => {
          if (!task.isTooLate) refuse(new AppError('interrupted', stopped));
        };
        setTimeout(() => setImmediate(answer), ANSWER_AFTER_MS);
      },
    };
    this.running.set(taskId, task);
    const work = async (): Promise<T> => {
      await prepare?.();
      if (isCancelled) throw new AppError('interrupted', stopped);
      isCalled = true;
      return call();
    };
    const done = work();
    done.catch(() => undefined);
    try {
      return await Promise.race([done, early]);
    } finally {
      this.running.delete(taskId);
    }
  }

  /** Cancels a task; false where there is none. */
  cancel(taskId: string): boolean {
    const task = this.running.get(taskId);
    task?.stop();
    return task !== undefined;
  }
}
