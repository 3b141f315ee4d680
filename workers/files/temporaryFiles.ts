import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';

/** A file that nobody has written to for so long belongs to no living process, whichever computer that ran on. */
const STALE_MS = 24 * 3600 * 1000;
/** A folder is looked through at most this often. */
const SWEEP_EVERY_MS = 60_000;
/** Characters of the target's name in the temporary one: file systems take 255 bytes, and a character can have four. */
const NAME_LENGTH = 40;

const OWN = /^\..+\.normlab-([0-9a-f]{8})-([0-9]+)-[0-9a-f]{12}\.tmp$/s;
/** What versions before this scheme left: no owner in the name, so only age tells. */
const FORMER =
  /^(?:[0-9a-f]{64}\.pixels\.[0-9a-f]{12}\.tmp|\..+\.(?:onnx|safetensors)\.[0-9a-f]{12}\.unverified|\..+\.(?:normlab\.json|onnx|safetensors)\.[0-9a-f]{12}\.(?:unverified\.[0-9a-f]{12}\.)?tmp)$/s;

/**
 * Tells this computer from others that share a folder; where containers number their processes anew, each of them is
 * one.
 */
const HERE = createHash('sha256').update(`${hostname()} ${processNamespace()}`).digest('hex').slice(0, 8);

/**
 * The name under which a file is written until it is whole: hidden, in the folder of `target`, with its owner in it, so
 * that `sweepTemporaries` can tell what a killed process has left.
 */
export function temporaryName(target: string): string {
  const name = [...path.basename(target)].slice(0, NAME_LENGTH).join('');
  const owner = `${HERE}-${String(process.pid)}-${randomBytes(6).toString('hex')}`;
  return path.join(path.dirname(target), `.${name}.normlab-${owner}.tmp`);
}

const sweptAt = new Map<string, number>();

/**
 * Removes temporary files of NormLab from a folder whose processes are gone: those of this computer by their process,
 * those of another one, and of former versions, when a day has passed since they were written. A file of a living
 * process is never removed, and no file with another name is. Never throws. Whoever writes into a folder calls it; more
 * often than once a minute it does nothing.
 */
export async function sweepTemporaries(folder: string): Promise<void> {
  const now = Date.now();
  if (now - (sweptAt.get(folder) ?? -Infinity) < SWEEP_EVERY_MS) return;
  sweptAt.set(folder, now);
  const names = await readdir(folder).catch((): string[] => []);
  for (const name of names.filter((each) => OWN.test(each) || FORMER.test(each))) {
    const file = path.join(folder, name);
    if (await isLeftover(file, name)) await unlink(file).catch(() => undefined);
  }
}

async function isLeftover(file: string, name: string): Promise<boolean> {
  const modifiedMs = await stat(file).then(
    (stats) => (stats.isFile() ? stats.mtimeMs : null),
    () => null,
  );
  if (modifiedMs === null) return false;
  const [, host, pid] = OWN.exec(name) ?? [];
  const isStale = modifiedMs < Date.now() - STALE_MS;
  if (host !== HERE || pid === undefined) return isStale;
  // This process, or one before it that had its number.
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
