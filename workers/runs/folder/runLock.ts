import { createHash, randomUUID } from 'node:crypto';
import { link, open, readdir, readFile, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { errnoOf, toOutputError } from '../../files/atomicFile.ts';

/*
 * The lock of a run folder is a file that names its owner. No process removes the lock of another. A process that finds
 * that the owner no longer exists creates that lock's successor: a file whose name is a digest of the lock. Creating a
 * file that must not exist yet is one atomic step on every file system, so a lock has one successor. The last lock of
 * the chain that begins at `.lock` is the valid one. Its owner then moves it to `.lock`. A process that still follows
 * the old chain notices this, because it checks that the chain leads to its own lock before it takes the folder.
 */

/** Which process works in a run folder. */
const ownerSchema = z.object({
  pid: z.int().positive(),
  host: z.string(),
  since: z.number(),
  /** Distinguishes two locks of one process; absent in locks of older versions. */
  token: z.string().optional(),
});
type Owner = z.infer<typeof ownerSchema>;

/** A run folder that this process has taken. */
export interface RunLock {
  /** False when the folder or its lock has been removed or replaced since. */
  isHeld(): Promise<boolean>;
  release(): Promise<void>;
}

const LOCK = '.lock';
const PREPARED = '.lock-new.';
/** Tolerance for a changed system clock, and for the time between a process start and its record. */
const CLOCK_SLACK_MS = 60_000;
const WRITING_MS = 10_000;
/** Attempts to read the chain and create a lock; every failed attempt was won by another process. */
const MAX_ROUNDS = 100;
/** Error codes of `link` on file systems without hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL']);

/**
 * Locks a run folder for this process, so that no other process writes there. A lock whose process no longer exists
 * does not count, and neither does one of this process: threads of one process must coordinate by themselves. Of
 * several processes that try at once, exactly one gets the folder. Throws `AppError('run-busy')` while another process
 * has the folder, and as `toOutputError` where nothing can be written.
 */
export async function lockRun(folder: string): Promise<RunLock> {
  const owner: Owner = { pid: process.pid, host: hostname(), since: Date.now(), token: randomUUID() };
  const mine = JSON.stringify(owner);
  const prepared = path.join(folder, PREPARED + (owner.token ?? ''));
  try {
    await createWith(prepared, mine);
    const place = await settle(folder, await win(folder, prepared, mine));
    const isHeld = async (): Promise<boolean> => (await lastLock(folder)).text === mine;
    return { isHeld, release: () => release(folder, place, isHeld) };
  } catch (error) {
    throw toOutputError(error, folder);
  } finally {
    await unlink(prepared).catch(() => undefined);
  }
}

/** True while a process works in a run folder, this one included. */
export async function isLocked(folder: string): Promise<boolean> {
  const last = await lastLock(folder);
  if (last.text === null) return false;
  return (await counts(last)) || ownerOf(last.text)?.pid === process.pid;
}

/** The end of a chain of locks. */
interface Last {
  /** The valid lock; null when there is none. */
  readonly text: string | null;
  readonly file: string;
  /** Where its successor, or the first lock of all, is created. */
  readonly next: string;
}

/** Returns the file that makes this process the owner. */
async function win(folder: string, prepared: string, mine: string): Promise<string> {
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const last = await lastLock(folder);
    if (last.text === mine) return last.file;
    if (last.text !== null && (await counts(last))) throw busy(folder, last);
    if (!(await claim(prepared, last.next, mine))) continue;
    if ((await lastLock(folder)).text === mine) return last.next;
    await unlink(last.next).catch(() => undefined);
  }
  throw busy(folder, await lastLock(folder));
}

async function lastLock(folder: string): Promise<Last> {
  let last: Last = { text: null, file: '', next: path.join(folder, LOCK) };
  for (;;) {
    const text = await readFile(last.next, 'utf8').catch(noneAtAll);
    if (text === null) return last;
    const digest = createHash('sha256')
      .update(`${path.basename(last.next)}\n${text}`)
      .digest('hex');
    last = { text, file: last.next, next: path.join(folder, `${LOCK}.${digest.slice(0, 24)}`) };
  }
}

/** True when `place` is now this process' lock; false when there is another one. */
async function claim(prepared: string, place: string, mine: string): Promise<boolean> {
  try {
    await link(prepared, place);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    if (!NO_LINKS.has(errnoOf(error))) throw error;
  }
  return createWith(place, mine);
}

/** Returns false when the file already exists; leaves no file behind on a full disk. */
async function createWith(file: string, text: string): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(file, 'wx');
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
  try {
    await handle.writeFile(text);
    return true;
  } catch (error) {
    await unlink(file).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}

/**
 * Moves the lock to `.lock`, which ends the chain behind it, and removes files of interrupted processes. Where the
 * system does not allow that, the lock stays where it is. Returns the place of the lock.
 */
async function settle(folder: string, place: string): Promise<string> {
  const first = path.join(folder, LOCK);
  if (place !== first) {
    const isMoved = await rename(place, first).then(
      () => true,
      () => false,
    );
    if (!isMoved) return place;
  }
  for (const name of await readdir(folder).catch(() => [])) {
    const file = path.join(folder, name);
    const isAbandoned = name.startsWith(PREPARED) && !(await isBeingWritten(file));
    if (name.startsWith(`${LOCK}.`) || isAbandoned) await unlink(file).catch(() => undefined);
  }
  return first;
}

/** The beginning of the chain is removed first: without it, the rest is not valid. */
async function release(folder: string, place: string, isHeld: () => Promise<boolean>): Promise<void> {
  if (!(await isHeld().catch(() => false))) return;
  const first = path.join(folder, LOCK);
  for (const file of place === first ? [first] : [first, place]) await unlink(file).catch(() => undefined);
}

async function counts({ text, file }: Last): Promise<boolean> {
  const owner = ownerOf(text ?? '');
  return owner === null ? isBeingWritten(file) : isAlive(owner);
}

/** A lock is written within milliseconds; one that stays empty was cut short by a crash. */
async function isBeingWritten(file: string): Promise<boolean> {
  const modified = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => -Infinity,
  );
  return Date.now() - modified < WRITING_MS;
}

/** Null for a lock without one. */
function ownerOf(text: string): Owner | null {
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Describes the process that writes a run, for an error message. */
function whoIs(owner: Owner | null): Message {
  if (owner === null) return message('runs.anotherProcess');
  const { pid, host } = owner;
  return host === hostname() ? message('runs.process', { pid }) : message('runs.processOn', { pid, host });
}

/** Processes of another computer cannot be checked: its lock is valid. */
function isAlive({ pid, host, since }: Owner): boolean {
  if (host !== hostname()) return true;
  if (pid === process.pid || since < Date.now() - uptime() * 1000 - CLOCK_SLACK_MS) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) !== 'ESRCH';
  }
}

/** Null for a file that does not exist; other failures are thrown. */
function noneAtAll(error: unknown): null {
  if (['ENOENT', 'ENOTDIR'].includes(errnoOf(error))) return null;
  throw error;
}

function busy(folder: string, { text, file }: Last): AppError {
  const owner = ownerOf(text ?? '');
  return new AppError('run-busy', message('runs.lockedByProcess', { who: whoIs(owner), folder, file }), {
    where: folder,
  });
}
