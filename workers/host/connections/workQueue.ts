import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';

interface Waiting {
  readonly key: string | null;
  readonly begin: () => void;
  readonly refuse: (error: AppError) => void;
}

/**
 * Lets a few pieces of work go on at once and the others wait, owners taking turns: one page that asks for a thousand
 * images delays another page by a few of them, not by all.
 */
export class WorkQueue {
  private readonly most: number;
  private readonly mostWaiting: number;
  private readonly waiting = new Map<object, Waiting[]>();
  private running = 0;

  /** `most` go on at once; of each owner `mostWaiting` wait. */
  constructor(most: number, mostWaiting: number) {
    this.most = most;
    this.mostWaiting = mostWaiting;
  }

  /**
   * The result of `act` once its turn came. Throws `AppError`: 'host-busy' when the owner has too many waiting,
   * 'interrupted' when it was cancelled before it began, and what `act` throws.
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

  /** Cancels what waits of `owner` under `key`; what goes on already is not touched. */
  cancel(owner: object, key: string): void {
    const line = this.waiting.get(owner) ?? [];
    this.setLine(
      owner,
      line.filter((item) => item.key !== key),
    );
    for (const item of line) if (item.key === key) item.refuse(cancelled());
  }

  /** Cancels all that waits of `owner`. */
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

  /**
   * Hands the place that has become free to the first of the owner whose turn it is; that owner goes behind the others.
   */
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
