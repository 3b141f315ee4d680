import { constants } from 'node:fs';
import { link, lstat, open, realpath, rename, stat, unlink, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
import { sweepTemporaries, temporaryName } from './temporaryFiles.ts';

interface WriteOptions {
  /** False: an existing file is left unchanged. */
  readonly overwrite?: boolean;
  readonly followsLink?: boolean;
  /** Called when the whole file is on the disk under its temporary name; what it throws leaves the old file. */
  readonly beforePlace?: (() => Promise<void>) | undefined;
}

/**
 * Writes a file completely or leaves the old one unchanged: a temporary file in the same folder, fsync, rename. A
 * symbolic link is written through unless `followsLink` is false; then the file replaces the link. An existing file
 * keeps its mode. Temporary files that killed processes left in the folder are removed. Throws `AppError`: 'disk-full',
 * 'output-not-writable' or 'io', and 'output-exists' where another file has the name and `overwrite` is off.
 */
export async function writeFileAtomic(
  file: string,
  data: string | Uint8Array,
  { overwrite = true, followsLink = true, beforePlace }: WriteOptions = {},
): Promise<void> {
  if (!overwrite) await refuseTaken(file, overwrite);
  const target = await (followsLink ? realTarget(file) : realPlace(file));
  const temporary = temporaryName(target);
  try {
    await writeTemporary(temporary, target, data);
    await beforePlace?.();
    await placeFile(temporary, target, overwrite);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw toOutputError(error, file);
  }
}

/** The absolute path at which a file is written, with symbolic links resolved. */
export async function realTarget(file: string): Promise<string> {
  return realpath(file).catch(() => path.resolve(file));
}

/**
 * Renames a complete file from its temporary to its final name. Without `overwrite` it never replaces another file, not
 * even one that has just been created: 'output-exists'. Also throws as `writeFileAtomic` does; the temporary file then
 * stays.
 */
export async function placeFile(temporary: string, target: string, overwrite: boolean): Promise<void> {
  try {
    if (overwrite) await rename(temporary, target);
    else await moveToFreeName(temporary, target);
  } catch (error) {
    throw errnoOf(error) === 'EEXIST' ? alreadyThere(target) : toOutputError(error, target);
  }
  await syncFolder(path.dirname(target));
}

/**
 * Refuses a name that exists already: 'output-exists' where `overwrite` is off, 'output-not-writable' for a folder in
 * any case.
 */
export async function refuseTaken(file: string, overwrite: boolean): Promise<void> {
  const there = await lstat(file).catch(() => null);
  if (there === null) return;
  const found = await stat(file).catch(() => there);
  if (found.isDirectory()) throw toOutputError(Object.assign(new Error(), { code: 'EISDIR' }), file);
  if (!overwrite) throw alreadyThere(file);
}

/** The error for a file that would be overwritten without permission. */
export function alreadyThere(file: string): AppError {
  return new AppError('output-exists', message('files.exists', { file }), { where: file });
}

/** A hard link fails where the name exists; on file systems without links an empty file claims the name first. */
async function moveToFreeName(temporary: string, target: string): Promise<void> {
  try {
    await link(temporary, target);
    await unlink(temporary);
  } catch (error) {
    if (!NO_LINKS.has(errnoOf(error))) throw error;
    await (await open(target, 'wx')).close();
    await rename(temporary, target);
  }
}

const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EXDEV']);

/** The file name itself (links not followed) in the real path of its folder. */
async function realPlace(file: string): Promise<string> {
  const full = path.resolve(file);
  return realpath(path.dirname(full)).then(
    (folder) => path.join(folder, path.basename(full)),
    () => full,
  );
}

/**
 * Converts a failed write into the `AppError` that names the path and says what to do; an `AppError` passes unchanged.
 * `target` is the file or folder that was to be written.
 */
export function toOutputError(error: unknown, target: string): AppError {
  if (error instanceof AppError) return error;
  const code = errnoOf(error);
  const options = { where: target, cause: error };
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('disk-full', message('files.diskFull', { file: target }), options);
  }
  const reason = NOT_WRITABLE[code];
  if (reason !== undefined)
    return new AppError(
      'output-not-writable',
      message('files.notWritable', { file: target, reason }),
      options,
    );
  const what = code === '' ? String(error) : code;
  return new AppError('io', message('files.writeFailed', { file: target, what }), options);
}

/** The system's error name (`ENOSPC`), or an empty string when `error` carries none. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/**
 * Why a path cannot be written, by the system's error code. `workers/files/systemErrors.ts` has the same for reading.
 */
const NOT_WRITABLE: Readonly<Record<string, Message>> = {
  EACCES: message('files.mayNotWrite'),
  EPERM: message('files.systemForbids'),
  EROFS: message('files.diskReadOnly'),
  ENOENT: message('files.noSuchFolder'),
  ENOTDIR: message('files.fileInTheWay'),
  EISDIR: message('files.folderInTheWay'),
};

/**
 * Writes a file under its temporary name, with the mode of the file that it will replace, and syncs it. Throws Node's
 * error.
 */
export async function writeTemporary(
  temporary: string,
  target: string,
  data: string | Uint8Array,
): Promise<void> {
  await sweepTemporaries(path.dirname(target));
  const old = await stat(target).catch(() => null);
  await writeSynced(temporary, data, old === null ? 0o666 : old.mode & 0o777);
}

/** Creates a file that does not exist yet, and syncs it to the disk. Throws Node's error. */
export async function writeSynced(file: string, data: string | Uint8Array, mode: number): Promise<void> {
  const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
  const handle = await open(file, flags, mode);
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The rename is durable only after its folder is synced; errors of systems that cannot sync a folder are ignored. */
export async function syncFolder(folder: string): Promise<void> {
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
