/** Locks that the windows of one lab hold while they are open; a closed window, even after a crash, holds none. */
const WINDOW_LOCK = 'normlab.window.';
const PROJECT_LOCK = 'normlab.project.';

let id = '';

/**
 * Distinguishes this window's recovery copies from those of others, also after a reload; empty until `claimWindowId`
 * has ended.
 */
export const windowId = (): string => id;

/** Without locks (no secure context) windows cannot be distinguished. */
function lockManager(): LockManager | undefined {
  return navigator.locks;
}

/**
 * Takes the id that the window had before, unless another window has it now, for example after a tab was duplicated.
 */
export async function claimWindowId(before: string | null): Promise<void> {
  if (before !== null && (await hold(WINDOW_LOCK + before))) {
    id = before;
    return;
  }
  id = crypto.randomUUID();
  await hold(WINDOW_LOCK + id);
}

/** Ids of all open windows. */
export async function openWindows(): Promise<ReadonlySet<string>> {
  const held = (await lockManager()?.query())?.held ?? [];
  return new Set(
    held.flatMap(({ name = '' }) => (name.startsWith(WINDOW_LOCK) ? [name.slice(WINDOW_LOCK.length)] : [])),
  );
}

/** Requests a lock and holds it until the page is closed; true on success. */
function hold(name: string): Promise<boolean> {
  const locks = lockManager();
  if (locks === undefined) return Promise.resolve(true);
  return new Promise((resolve) => {
    void locks.request(name, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock === null ? undefined : new Promise(() => undefined);
    });
  });
}

/** Announces, until the returned function is called, that this window has the file at `path` open. */
export function holdFile(path: string): () => void {
  let release: () => void = () => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  void lockManager()?.request(PROJECT_LOCK + path, { mode: 'shared' }, () => released);
  return release;
}

/** True when another window has the file at `path` open. */
export async function isOpenElsewhere(path: string): Promise<boolean> {
  const locks = lockManager();
  if (locks === undefined) return false;
  const held = (await locks.query()).held ?? [];
  const own = held.find(({ name }) => name === WINDOW_LOCK + id)?.clientId;
  return held.some(({ name, clientId }) => name === PROJECT_LOCK + path && clientId !== own);
}
