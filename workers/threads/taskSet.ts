import { AppError } from '#core/diagnostics/appError.ts';
import type { Message } from '#core/words/message.ts';
import type { Cancellable } from './startThread.ts';

/**
 * Work that begins once something has been prepared. A cancel before that rejects `done` with `stopped` at once, and
 * the work never begins.
 */
export function afterPreparing<R>(
  prepare: () => Promise<void>,
  begin: () => Cancellable<R>,
  stopped: Message,
): Cancellable<R> {
  let begun: Cancellable<R> | null = null;
  let refuse: (error: AppError) => void = () => undefined;
  const cancelled = new Promise<never>((_, reject) => (refuse = reject));
  const done = Promise.race([prepare(), cancelled]).then(() => {
    begun = begin();
    return begun.done;
  });
  done.catch(() => undefined);
  return {
    cancel: () => (begun === null ? refuse(new AppError('interrupted', stopped)) : begun.cancel()),
    done,
  };
}

/** Work in progress, each task under the id by which it is cancelled. */
export class TaskSet<R> {
  private readonly active = new Map<string, Cancellable<R>>();

  get size(): number {
    return this.active.size;
  }

  has(id: string): boolean {
    return this.active.has(id);
  }

  /** The outcome of `task`, which can be cancelled until then. Rejects as it does. */
  async run(id: string, task: Cancellable<R>): Promise<R> {
    this.active.set(id, task);
    try {
      return await task.done;
    } finally {
      this.active.delete(id);
    }
  }

  /** Cancels the work under `id`; false where there is none. */
  cancel(id: string): boolean {
    const task = this.active.get(id);
    task?.cancel();
    return task !== undefined;
  }

  /** Cancels all work in progress; resolves when all of it has ended, or after `patienceMs`. */
  async close(patienceMs: number): Promise<void> {
    const ends = [...this.active.values()].map(({ cancel, done }) => {
      cancel();
      return done.catch(() => undefined);
    });
    const patience = new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
    await Promise.race([Promise.all(ends), patience]);
  }
}
