import { link, open, readFile, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '#core/diagnostics/appError.ts';
import { errnoOf, toOutputError } from '../host/atomicFile.ts';

/** Which process works in a run folder. */
const ownerSchema = z.object({ pid: z.int().positive(), host: z.string(), since: z.number() });
type Owner = z.infer<typeof ownerSchema>;

const LOCK = '.lock';
/** A clock that was set, and the time between a start and its note. */
const CLOCK_SLACK_MS = 60_000;
const WRITING_MS = 10_000;

/**
 * Takes a run folder for this process, so that no other one writes there meanwhile, and gives what ends that. A lock of a process
 * that is gone does not count, nor does one of this process: whoever has several threads keeps them apart by itself. Throws
 * `AppError('run-busy')` while another process has the folder, and as `toOutputError` where nothing can be written.
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const file = path.join(folder, LOCK);
  const mine: Owner = { pid: process.pid, host: hostname(), since: Date.now() };
  if (!(await take(file, mine))) {
    const there = await readFile(file, 'utf8').catch(() => '');
    const owner = ownerOf(there);
    const holds = owner === null ? await isBeingWritten(file) : isAlive(owner);
    if (holds) throw busy(folder, file, owner);
    await removeStale(file, there);
    if (!(await take(file, mine)))
      throw busy(folder, file, ownerOf(await readFile(file, 'utf8').catch(() => '')));
  }
  return () => unlink(file).catch(() => undefined);
}

/** True when the lock is now ours, false when there is one; a full disk leaves none behind. */
async function take(file: string, owner: Owner): Promise<boolean> {
  let lock: FileHandle;
  try {
    lock = await open(file, 'wx');
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw toOutputError(error, path.dirname(file));
  }
  try {
    await lock.writeFile(JSON.stringify(owner));
    return true;
  } catch (error) {
    await unlink(file).catch(() => undefined);
    throw toOutputError(error, path.dirname(file));
  } finally {
    await lock.close();
  }
}

/** Between the making of a lock and the writing of its owner it is empty; one that stays so was cut short by a crash. */
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

/** Of another computer nothing can be known: its lock counts. */
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

/** Of two processes that find the same stale lock, the slower one must not remove the new lock of the faster one. */
async function removeStale(file: string, expected: string): Promise<void> {
  const aside = `${file}.${String(process.pid)}`;
  try {
    await rename(file, aside);
    if ((await readFile(aside, 'utf8')) !== expected) await link(aside, file);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes(errnoOf(error))) throw toOutputError(error, path.dirname(file));
  } finally {
    await unlink(aside).catch(() => undefined);
  }
}

function busy(folder: string, file: string, owner: Owner | null): AppError {
  const who =
    owner === null
      ? 'Another process'
      : owner.host === hostname()
        ? `Process ${String(owner.pid)}`
        : `Process ${String(owner.pid)} of the computer “${owner.host}”`;
  return new AppError(
    'run-busy',
    `${who} is writing the run in ${folder}; wait for its end or stop it. If it is gone, delete ${file}.`,
    { where: folder },
  );
}
