import { existsSync, mkdirSync, statSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { basename, isAbsolute, join } from 'node:path';
import { errnoOf, toOutputError } from './atomicFile.ts';

/** The system's trash, from which the user can restore items. */
export interface Trash {
  /**
   * Moves a file or folder to the trash under a free name. Throws `AppError` and leaves it in its place when that
   * fails.
   */
  put(path: string): Promise<void>;
}

/**
 * The trash for items in the folder `beside`: that of the freedesktop.org specification, or that of macOS. Null where
 * it does not exist or lies on another disk (moving would be copying), and on other systems, whose trash only their own
 * programs can fill. `home` and `system` default to the user's; tests pass others.
 */
export function findTrash(
  beside: string,
  home: string = homedir(),
  system: string = platform(),
): Trash | null {
  const isMac = system === 'darwin';
  const isKnown = isMac || ['linux', 'freebsd', 'openbsd'].includes(system);
  const folder = isMac ? join(home, '.Trash') : join(dataHome(home), 'Trash');
  if (!isKnown || !isOnOneDisk(folder, beside)) return null;
  return { put: (path) => (isMac ? putOnMac(folder, path) : putBySpecification(folder, path)) };
}

function dataHome(home: string): string {
  const { XDG_DATA_HOME } = process.env;
  return XDG_DATA_HOME !== undefined && isAbsolute(XDG_DATA_HOME)
    ? XDG_DATA_HOME
    : join(home, '.local', 'share');
}

function isOnOneDisk(folder: string, beside: string): boolean {
  const [trash, other] = [folder, beside].map((path) => statSync(path, { throwIfNoEntry: false }));
  return trash?.isDirectory() === true && other !== undefined && trash.dev === other.dev;
}

async function putOnMac(folder: string, path: string): Promise<void> {
  const free = names(basename(path)).find((name) => !existsSync(join(folder, name)));
  await rename(path, join(folder, free ?? `${basename(path)} ${String(Date.now())}`)).catch(
    (error: unknown) => {
      throw toOutputError(error, path);
    },
  );
}

/** Trash specification 1.0: the file in `info` claims the name, then the item itself is moved into `files`. */
async function putBySpecification(folder: string, path: string): Promise<void> {
  const [files, info] = [join(folder, 'files'), join(folder, 'info')];
  try {
    for (const part of [files, info]) mkdirSync(part, { recursive: true, mode: 0o700 });
    const name = await claimName(info, path);
    try {
      await rename(path, join(files, name));
    } catch (error) {
      await rm(join(info, `${name}.trashinfo`), { force: true });
      throw error;
    }
  } catch (error) {
    throw toOutputError(error, path);
  }
}

async function claimName(info: string, path: string): Promise<string> {
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const when = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
  const text = `[Trash Info]\nPath=${encoded}\nDeletionDate=${when}\n`;
  for (const name of [...names(basename(path)), `${basename(path)} ${String(Date.now())}`]) {
    try {
      await writeFile(join(info, `${name}.trashinfo`), text, { flag: 'wx' });
      return name;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
  throw new Error(`no free name for ${path} in ${info}`);
}

/** `run`, `run 2`, `run 3` …: up to a hundred names. */
function names(base: string): string[] {
  return Array.from({ length: 100 }, (_, index) => (index === 0 ? base : `${base} ${String(index + 1)}`));
}
