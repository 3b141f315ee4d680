import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { lstat, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** A file that has not been written for this long belongs to no living process, on any computer. */
const STALE_MS = 24 * 3600 * 1000;
/** A folder is swept at most this often. */
const SWEEP_EVERY_MS = 60_000;
/**
 * Characters of the target's name in the temporary name: file systems allow 255 bytes, and a character can have four.
 */
const NAME_LENGTH = 40;

const OWN = /^\..+\.normlab-([0-9a-f]{8})-([0-9]+)-[0-9a-f]{12}\.tmp$/s;
/** A folder that was to be replaced when its process ended. */
const REPLACED = /^\.(.+)\.normlab-([0-9a-f]{8})-([0-9]+)-[0-9a-f]{12}\.old$/s;
/** Temporary files of earlier versions: their names hold no owner, so only their age counts. */
const FORMER =
  /^(?:[0-9a-f]{64}\.pixels\.[0-9a-f]{12}\.tmp|\..+\.(?:onnx|safetensors)\.[0-9a-f]{12}\.unverified|\..+\.(?:normlab\.json|onnx|safetensors)\.[0-9a-f]{12}\.(?:unverified\.[0-9a-f]{12}\.)?tmp)$/s;

/**
 * Distinguishes this computer from others that share a folder; containers with process numbers of their own count as
 * separate computers.
 */
const HERE = createHash('sha256').update(`${hostname()} ${processNamespace()}`).digest('hex').slice(0, 8);

/**
 * The temporary name of a file or folder until it is complete: hidden, in the folder of `target`, with its owner in it,
 * so that `sweepTemporaries` can recognize those of killed processes.
 */
export function temporaryName(target: string): string {
  const name = [...path.basename(target)].slice(0, NAME_LENGTH).join('');
  return hiddenName(target, name, 'tmp');
}

/**
 * The name of a folder while another one takes its place: `sweepTemporaries` gives it its own name back where the other
 * one never came.
 */
export function replacedName(target: string): string {
  return hiddenName(target, path.basename(target), 'old');
}

function hiddenName(target: string, name: string, ending: 'tmp' | 'old'): string {
  const owner = `${HERE}-${String(process.pid)}-${randomBytes(6).toString('hex')}`;
  return path.join(path.dirname(target), `.${name}.normlab-${owner}.${ending}`);
}

const sweptAt = new Map<string, number>();

/**
 * Removes NormLab's temporary files and folders from a folder if their processes have ended: files of this computer by
 * their process, files of other computers and of former versions a day after the last write. Never removes a file of a
 * living process or a file with another name. A folder that a killed process had renamed gets its name back. Never
 * throws. Every writer to a folder calls it; within a minute of the last call it does nothing.
 */
export async function sweepTemporaries(folder: string): Promise<void> {
  const now = Date.now();
  if (now - (sweptAt.get(folder) ?? -Infinity) < SWEEP_EVERY_MS) return;
  sweptAt.set(folder, now);
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names.filter((each) => OWN.test(each) || FORMER.test(each))) {
    const file = path.join(folder, name);
    if (await isLeftover(file, name)) await removeLeftover(file);
  }
  for (const name of names.filter((each) => REPLACED.test(each)))
    if (await isLeftover(path.join(folder, name), name)) await restoreReplaced(folder, name);
}

/** Files of any name; folders only under a name of this version. */
async function removeLeftover(file: string): Promise<void> {
  await unlink(file).catch(async () => {
    if (OWN.test(path.basename(file))) await rm(file, { recursive: true }).catch(() => undefined);
  });
}

/** Where the new folder never came, the old one is renamed back; else it stays, since its files may be of others. */
async function restoreReplaced(folder: string, name: string): Promise<void> {
  const target = path.join(folder, REPLACED.exec(name)?.[1] ?? name);
  const isFree = await lstat(target).then(
    () => false,
    () => true,
  );
  if (isFree) await rename(path.join(folder, name), target).catch(() => undefined);
}

/** The folders that killed processes had renamed to replace `target`, and that were replaced. */
export async function replacedLeftovers(target: string): Promise<string[]> {
  const parent = path.dirname(target);
  const names = await readdir(parent).catch((): string[] => []);
  const own = names.filter((name) => REPLACED.exec(name)?.[1] === path.basename(target));
  const found = await Promise.all(own.map(async (name) => isLeftover(path.join(parent, name), name)));
  return own.filter((_, at) => found[at]).map((name) => path.join(parent, name));
}

async function isLeftover(file: string, name: string): Promise<boolean> {
  const modifiedMs = await stat(file).then(
    (stats) => (stats.isFile() || stats.isDirectory() ? stats.mtimeMs : null),
    () => null,
  );
  if (modifiedMs === null) return false;
  const [, host, pid] = OWN.exec(name) ?? REPLACED.exec(name)?.slice(1) ?? [];
  const isStale = modifiedMs < Date.now() - STALE_MS;
  if (host !== HERE || pid === undefined) return isStale;
  // This process, or an earlier one with the same number.
  if (Number(pid) === process.pid) return modifiedMs < Date.now() - process.uptime() * 1000 - 1000;
  return !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}
