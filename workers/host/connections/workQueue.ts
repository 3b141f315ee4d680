import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';

interface Waiting {
  readonly key: string | null;
  readonly begin: () => void;
  readonly refuse: (error: AppError) => void;
}

/**
 * Runs a few tasks at once while the others wait; the owners take turns. One page that requests a thousand images
 * delays another page by a few of them, not by all.
 */
export class WorkQueue {
  private readonly most: number;
  private readonly mostWaiting: number;
  private readonly waiting = new Map<object, Waiting[]>();
  private running = 0;

  /** `most` run at once; `mostWaiting` of each owner may wait. */
  constructor(most: number, mostWaiting: number) {
    this.most = most;
    this.mostWaiting = mostWaiting;
  }

  /**
   * Resolves with the result of `act` once its turn has come. Throws `AppError`: 'host-busy' when the owner has too
   * many waiting, 'interrupted' when it was cancelled before it began, and what `act` throws.
   */
  async run<T>(owner: object, key: string | null, act: () => Promise<T> | T): Promise<T> {
    if (this.running >= this.most) await this.turn(owner, key);
    else this.running += 1;
    try {
      return await act();
    } finally {
      this.next();
    }
  }

  /** Cancels the waiting tasks of `owner` under `key`; running ones are not affected. */
  cancel(owner: object, key: string): void {
    const line = this.waiting.get(owner) ?? [];
    this.setLine(
      owner,
      line.filter((item) => item.key !== key),
    );
    for (const item of line) if (item.key === key) item.refuse(cancelled());
  }

  /** Cancels all waiting tasks of `owner`. */
  drop(owner: object): void {
    const line = this.waiting.get(owner) ?? [];
    this.waiting.delete(owner);
    for (const item of line) item.refuse(cancelled());
  }

  private turn(owner: object, key: string | null): Promise<void> {
    const line = this.waiting.get(owner) ?? [];
    if (line.length >= this.mostWaiting)
      return Promise.reject(new AppError('host-busy', message('lab.tooManyWaiting', { calls: line.length })));
    return new Promise((begin, refuse) => this.setLine(owner, [...line, { key, begin, refuse }]));
  }

  /** Gives the free place to the first task of the next owner, who then moves to the end of the queue. */
  private next(): void {
    for (const [owner, [first, ...others]] of this.waiting) {
      this.waiting.delete(owner);
      this.setLine(owner, others);
      if (first !== undefined) return first.begin();
    }
    this.running -= 1;
  }

  private setLine(owner: object, line: Waiting[]): void {
    if (line.length > 0) this.waiting.set(owner, line);
    else this.waiting.delete(owner);
  }
}

function cancelled(): AppError {
  return new AppError('interrupted', message('lab.cancelledBefore'));
}
