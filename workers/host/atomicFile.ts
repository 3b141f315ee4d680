import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';

/**
 * Writes a whole file or leaves the old one as it was: a temporary file in the same folder, fsync, rename. A symbolic link is
 * written through unless `followsLink` is false: then the file takes the link's place. An existing file keeps its mode. Throws
 * `AppError`: 'disk-full', 'output-not-writable' or 'io'.
 */
export async function writeFileAtomic(
  file: string,
  data: string | Uint8Array,
  { followsLink = true }: { readonly followsLink?: boolean } = {},
): Promise<void> {
  const target = await (followsLink ? realpath(file) : realPlace(file)).catch(() => path.resolve(file));
  const folder = path.dirname(target);
  const temporary = path.join(folder, `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeTemporary(temporary, target, data);
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw toOutputError(error, file);
  }
  await syncFolder(folder);
}

/** The name itself in the real folder around it. */
async function realPlace(file: string): Promise<string> {
  const full = path.resolve(file);
  return path.join(await realpath(path.dirname(full)), path.basename(full));
}

/**
 * Turns a failed write into the `AppError` that names the place and says what to do; an `AppError` passes unchanged. `target`
 * is the file or folder that was to be written.
 */
export function toOutputError(error: unknown, target: string): AppError {
  if (error instanceof AppError) return error;
  const code = errnoOf(error);
  const options = { where: target, cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError(
      'disk-full',
      `The disk is full: ${target} could not be written; free some space or choose another folder.`,
      options,
    );
  }
  const reason = NOT_WRITABLE[code];
  if (reason !== undefined) {
    return new AppError(
      'output-not-writable',
      `Cannot write ${target}: ${reason}; choose another folder or change its permissions.`,
      options,
    );
  }
  const what = code === '' ? String(error) : code;
  return new AppError(
    'io',
    `Writing ${target} failed (${what}); check the disk or choose another folder.`,
    options,
  );
}

/** The system's error name (`ENOSPC`), or an empty string when `error` carries none. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

const NOT_WRITABLE: Readonly<Record<string, string>> = {
  EACCES: 'you may not write there',
  EPERM: 'the system does not allow writing there',
  EROFS: 'the disk is read-only',
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'a file stands where a folder is needed',
  EISDIR: 'a folder has that name',
};

async function writeTemporary(temporary: string, target: string, data: string | Uint8Array): Promise<void> {
  const old = await stat(target).catch(() => null);
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
  const handle = await open(temporary, flags, old === null ? 0o666 : old.mode & 0o777);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The rename itself reaches the disk only with its folder; systems that cannot sync a folder are left alone. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, 'r');
    await handle.sync();
  } catch {
    return;
  } finally {
    await handle?.close();
  }
}
