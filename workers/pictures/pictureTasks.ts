import type { LabEvent } from '#core/contract/labApi.ts';
import { seldom, type TaskContext } from '../threads/progress.ts';

/** Work in progress in the thread of a session, each piece under the id by which it is cancelled. */
export class PictureTasks {
  private readonly tell: (event: LabEvent) => void;
  private readonly aborts = new Map<string, AbortController>();
  private readonly running = new Set<Promise<unknown>>();

  /** `tell` receives progress as `pictureProgress` events. */
  constructor(tell: (event: LabEvent) => void) {
    this.tell = tell;
  }

  /** The outcome of `work`, which can be cancelled until then. */
  async run<T>(taskId: string, work: (context: TaskContext) => Promise<T>): Promise<T> {
    const abort = new AbortController();
    this.aborts.set(taskId, abort);
    const onProgress = seldom((progress) => this.tell({ event: 'pictureProgress', taskId, progress }));
    const done = work({ signal: abort.signal, onProgress });
    this.running.add(done);
    try {
      return await done;
    } finally {
      this.running.delete(done);
      this.aborts.delete(taskId);
    }
  }

  cancel(taskId: string): void {
    this.aborts.get(taskId)?.abort();
  }

  /** Cancels all work; resolves when it has ended. */
  async close(): Promise<void> {
    for (const abort of this.aborts.values()) abort.abort();
    await Promise.allSettled(this.running);
  }
}
