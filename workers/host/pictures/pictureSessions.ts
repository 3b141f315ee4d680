import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import type { PictureStart } from '../../pictures/pictureMessages.ts';
import type { PictureThread } from '../../pictures/pictureThread.ts';

/** Number of networks that are open at once, over all screens: each has its weights in memory. */
export const MOST_SESSIONS = 4;
/** A session that was not used for so long is closed. */
const IDLE_MS = 10 * 60_000;
/** How long closing a session waits for its work; a step of a large batch takes seconds. */
const CLOSE_TIMEOUT_MS = 30_000;

/** What a session needs of its thread. */
type SessionThread = Pick<PictureThread, 'call' | 'close'>;

/** An open network with its thread. */
export class OpenSession {
  private readonly thread: SessionThread;
  private calls = 0;

  constructor(thread: SessionThread) {
    this.thread = thread;
  }

  get isBusy(): boolean {
    return this.calls > 0;
  }

  /** Calls the thread; the session is busy until the call is answered. */
  async use<T>(call: (thread: SessionThread) => Promise<T>): Promise<T> {
    this.calls += 1;
    try {
      return await call(this.thread);
    } finally {
      this.calls -= 1;
    }
  }

  cancel(taskId: string): void {
    this.thread.call('cancel', { taskId }).catch(() => undefined);
  }

  /** Cancels its work, frees the network and ends the thread, within a time. */
  async close(patienceMs: number): Promise<void> {
    const patience = new Promise((resolve) => setTimeout(resolve, patienceMs).unref());
    const freed = this.thread.call('close', undefined).catch(() => undefined);
    await Promise.race([freed, patience]);
    await this.thread.close();
  }
}

interface Kept {
  readonly session: OpenSession;
  readonly idle: NodeJS.Timeout;
}

/** The open networks by the ids that the screens gave them, the least recently used one first. */
export class PictureSessions {
  private readonly startThread: (start: PictureStart) => SessionThread;
  private readonly kept = new Map<string, Kept>();

  constructor(startThread: (start: PictureStart) => SessionThread) {
    this.startThread = startThread;
  }

  /**
   * A new session in place of one under the same id. Where there are too many, the one that was not used for longest is
   * closed. Throws `AppError('host-busy')` where all of them are at work.
   */
  open(id: string, start: PictureStart): OpenSession {
    this.close(id);
    if (this.kept.size >= MOST_SESSIONS) this.closeIdle();
    const session = new OpenSession(this.startThread(start));
    const idle = setInterval(() => {
      if (!session.isBusy) this.close(id, session);
    }, IDLE_MS).unref();
    this.kept.set(id, { session, idle });
    return session;
  }

  /** Throws `AppError('picture-gone')` where there is no such session. */
  get(id: string): OpenSession {
    const found = this.kept.get(id);
    if (found === undefined) throw new AppError('picture-gone', message('pictures.sessionGone'));
    this.kept.delete(id);
    this.kept.set(id, found);
    found.idle.refresh();
    return found.session;
  }

  /** Closes a session; with `only`, unless another one has taken its id. */
  close(id: string, only?: OpenSession): void {
    const found = this.kept.get(id);
    if (found === undefined || (only !== undefined && found.session !== only)) return;
    this.kept.delete(id);
    clearInterval(found.idle);
    void found.session.close(CLOSE_TIMEOUT_MS);
  }

  /** Closes all sessions; resolves when their threads have ended, or after `patienceMs`. */
  async closeAll(patienceMs: number): Promise<void> {
    const all = [...this.kept.values()];
    this.kept.clear();
    await Promise.all(
      all.map(({ session, idle }) => {
        clearInterval(idle);
        return session.close(patienceMs);
      }),
    );
  }

  private closeIdle(): void {
    const [id] = [...this.kept].find(([, { session }]) => !session.isBusy) ?? [];
    if (id === undefined)
      throw new AppError('host-busy', message('pictures.tooManySessions', { most: MOST_SESSIONS }));
    this.close(id);
  }
}
