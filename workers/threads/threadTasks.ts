import { z } from 'zod';
import { AppError } from '#core/diagnostics/appError.ts';
import type { Message } from '#core/words/message.ts';
import { createPace } from './pace.ts';
import { progressSchema, seldom, type TaskContext } from './progress.ts';

/** What a thread tells about a task: its progress, or that a cancel now comes too late. */
export const taskNewsSchema = z.union([
  z.object({ taskId: z.string(), progress: progressSchema }),
  z.object({ taskId: z.string(), isTooLate: z.literal(true) }),
]);
type TaskNews = z.infer<typeof taskNewsSchema>;

/** Passed to the work of a task. */
export interface ThreadTask extends TaskContext {
  /**
   * Call it before the step that cannot be undone: throws 'interrupted' after a cancel, and later ones come too late.
   */
  commit(): Promise<void>;
}

/** The calls of a thread that can be cancelled, each under the id of its task. `TaskCalls` is the other side. */
export class ThreadTasks {
  private readonly tell: (news: TaskNews) => void;
  private readonly said: { readonly stopped: Message; readonly underWay: Message };
  private readonly stops = new Map<string, () => void>();

  /** `said`: the messages of a task that was cancelled, and of one that is under way already. */
  constructor(
    tell: (news: TaskNews) => void,
    said: { readonly stopped: Message; readonly underWay: Message },
  ) {
    this.tell = tell;
    this.said = said;
  }

  /**
   * The outcome of `work`, which a cancel rejects with 'interrupted' at once; `work` may then still have to end. Throws
   * `AppError('arguments')` for a task that is under way.
   */
  async run<T>(taskId: string, work: (task: ThreadTask) => Promise<T>): Promise<T> {
    const { stopped, underWay } = this.said;
    if (this.stops.has(taskId)) throw new AppError('arguments', underWay);
    const abort = new AbortController();
    let isTooLate = false;
    const stop = new Promise<never>((_, reject) => {
      this.stops.set(taskId, () => {
        if (isTooLate) return;
        abort.abort();
        reject(new AppError('interrupted', stopped));
      });
    });
    const commit = async (): Promise<void> => {
      await createPace(abort.signal, undefined, stopped).settle();
      isTooLate = true;
      this.tell({ taskId, isTooLate });
    };
    const onProgress = seldom((progress) => this.tell({ taskId, progress }));
    const done = work({ signal: abort.signal, onProgress, commit });
    done.catch(() => undefined);
    try {
      return await Promise.race([done, stop]);
    } finally {
      this.stops.delete(taskId);
    }
  }

  /** Cancels a task; one that has ended, or for which it is too late, goes on. */
  cancel(taskId: string): void {
    this.stops.get(taskId)?.();
  }
}
