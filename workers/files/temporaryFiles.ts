import { createHash, randomBytes } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
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
/** Temporary files of earlier versions: their names hold no owner, so only their age counts. */
const FORMER =
  /^(?:[0-9a-f]{64}\.pixels\.[0-9a-f]{12}\.tmp|\..+\.(?:onnx|safetensors)\.[0-9a-f]{12}\.unverified|\..+\.(?:normlab\.json|onnx|safetensors)\.[0-9a-f]{12}\.(?:unverified\.[0-9a-f]{12}\.)?tmp)$/s;

/**
 * Distinguishes this computer from others that share a folder; containers with process numbers of their own count as
 * separate computers.
 */
const HERE = createHash('sha256').update(`${hostname()} ${processNamespace()}`).digest('hex').slice(0, 8);

/**
 * The temporary name of a file until it is complete: hidden, in the folder of `target`, with its owner in it, so that
 * `sweepTemporaries` can recognize files of killed processes.
 */
export function temporaryName(target: string): string {
  const name = [...path.basename(target)].slice(0, NAME_LENGTH).join('');
  const owner = `${HERE}-${String(process.pid)}-${randomBytes(6).toString('hex')}`;
  return path.join(path.dirname(target), `.${name}.normlab-${owner}.tmp`);
}

const sweptAt = new Map<string, number>();

/**
 * Removes NormLab's temporary files from a folder if their processes have ended: files of this computer by their
 * process, files of other computers and of former versions a day after the last write. Never removes a file of a living
 * process or a file with another name. Never throws. Every writer to a folder calls it; within a minute of the last
 * call it does nothing.
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
