import { mkdir, open, readdir, rename, rm, rmdir, stat, unlink } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { alreadyThere, errnoOf, realTarget, syncFolder, toOutputError, writeSynced } from './atomicFile.ts';
import { replacedLeftovers, replacedName, sweepTemporaries, temporaryName } from './temporaryFiles.ts';

/**
 * Returns the paths below a folder that may be removed with it, files before the folders that hold them. Throws
 * `AppError('output-foreign')` for a folder of others, and for one with files of others in it.
 */
type OwnEntries = (folder: string) => Promise<readonly string[]>;

interface PlaceOptions {
  /** True: a folder of ours is replaced. An empty folder is used in any case. */
  readonly overwrite: boolean;
  readonly ownEntries: OwnEntries;
  /** Called when the whole folder is on the disk under its temporary name; what it throws leaves what was there. */
  readonly beforePlace?: (() => Promise<void>) | undefined;
}

/**
 * Calls `write` to make a folder under a temporary name beside `folder`, and renames it to its final name on success: a
 * folder that fails or is cancelled leaves nothing. `write` gets both names; in the second, links are resolved. Throws
 * what `write` throws, and `AppError`: 'output-exists' without `overwrite`, 'output-foreign', 'output-not-writable',
 * 'disk-full' or 'io'.
 */
export async function writeFolderInPlace<R>(
  folder: string,
  options: PlaceOptions,
  write: (temporary: string, target: string) => Promise<R>,
): Promise<R> {
  const target = await realTarget(folder);
  await refuseTakenFolder(target, options);
  return writePlaced(target, folder, {
    write: (temporary) => write(temporary, target),
    place: async (temporary) => {
      await options.beforePlace?.();
      await placeFolder(temporary, target, options);
    },
  });
}

/**
 * As `writeFolderInPlace`, for a new folder in `parent` whose name follows from what `write` returns. `name` is for the
 * temporary name.
 */
export async function writeFolderInto<R>(
  parent: string,
  { name, nameOf, ...options }: PlaceOptions & { readonly name: string; nameOf(result: R): string },
  write: (temporary: string) => Promise<R>,
): Promise<R> {
  const real = await realTarget(parent);
  return writePlaced(path.join(real, name), parent, {
    write,
    place: async (temporary, result) => {
      await options.beforePlace?.();
      await placeFolder(temporary, path.join(real, nameOf(result)), options);
    },
  });
}

/** `named`: the folder that an error names. */
async function writePlaced<R>(
  beside: string,
  named: string,
  {
    write,
    place,
  }: {
    write(temporary: string): Promise<R>;
    place(temporary: string, result: R): Promise<void>;
  },
): Promise<R> {
  await sweepTemporaries(path.dirname(beside));
  const temporary = temporaryName(beside);
  try {
    await mkdir(temporary);
    const result = await write(temporary);
    await syncFolder(temporary);
    await place(temporary, result);
    return result;
  } catch (error) {
    throw toOutputError(error, named);
  } finally {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Writes files into a folder that no one else knows yet, each synced to the disk. Throws Node's error. */
export async function writeFiles(folder: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of files) await writeSynced(path.join(folder, name), bytes, 0o666);
}

/**
 * Writes texts as files in UTF-8 into a folder that no one else knows yet, part by part, each file synced to the disk;
 * `between` is awaited after each part. Throws Node's error, and what `between` throws.
 */
export async function writeTexts(
  folder: string,
  texts: ReadonlyMap<string, Iterable<string>>,
  between: () => Promise<void> | undefined,
): Promise<void> {
  for (const [name, parts] of texts) {
    await using file = await open(path.join(folder, name), 'wx', 0o666);
    for (const part of parts) {
      await file.appendFile(part);
      await between();
    }
    await file.sync();
  }
}

/**
 * Refuses a name under which no folder may be placed: 'output-exists' where a folder of ours may not be replaced,
 * 'output-foreign' for one of others, 'output-not-writable' for a file.
 */
export async function refuseTakenFolder(
  target: string,
  { overwrite, ownEntries }: PlaceOptions,
): Promise<'free' | 'taken'> {
  const there = await stat(target).catch(() => null);
  if (there === null) return 'free';
  if (!there.isDirectory())
    throw new AppError('output-not-writable', message('files.fileNotFolder', { path: target }), {
      where: target,
    });
  const names = await readdir(target).catch((error: unknown) => {
    throw toOutputError(error, target);
  });
  if (names.length === 0) return 'free';
  await ownEntries(target);
  if (!overwrite) throw alreadyThere(target);
  return 'taken';
}

async function placeFolder(temporary: string, target: string, options: PlaceOptions): Promise<void> {
  for (const left of await replacedLeftovers(target)) await removeOwn(left, options.ownEntries);
  if ((await refuseTakenFolder(target, options)) === 'free') await moveToFreeName(temporary, target);
  else await replaceFolder(temporary, target, options.ownEntries);
  await syncFolder(path.dirname(target));
}

/** A rename replaces no folder that has something in it; not every system renames to an empty one. */
async function moveToFreeName(temporary: string, target: string): Promise<void> {
  await rmdir(target).catch(() => undefined);
  await rename(temporary, target).catch((error: unknown) => {
    throw ['ENOTEMPTY', 'EEXIST'].includes(errnoOf(error)) ? alreadyThere(target) : error;
  });
}

/**
 * The old folder is renamed first, and renamed back where the new one cannot take its name; a process that dies between
 * the two leaves it under a name from which the next sweep restores it. Only then are its own files removed, one by
 * one: a file that somebody has added meanwhile stays, in a folder of its own.
 */
async function replaceFolder(temporary: string, target: string, ownEntries: OwnEntries): Promise<void> {
  const replaced = replacedName(target);
  await rename(target, replaced);
  try {
    await rename(temporary, target);
  } catch (error) {
    await rename(replaced, target);
    throw error;
  }
  await removeOwn(replaced, ownEntries);
}

/** Removes our own entries of a folder and then the folder, where nothing else is in it. */
async function removeOwn(folder: string, ownEntries: OwnEntries): Promise<void> {
  for (const entry of await ownEntries(folder).catch(() => [])) {
    const file = path.join(folder, entry);
    await unlink(file).catch(() => rmdir(file).catch(() => undefined));
  }
  await rmdir(folder).catch(() => undefined);
}
