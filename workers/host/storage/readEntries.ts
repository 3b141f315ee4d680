import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { errnoOf } from '../../files/atomicFile.ts';

/** Longest listing sent to the screen; a folder of a million images is for the scan, not for the picker. */
const MAX_ENTRIES = 2_000;

/** An entry of a folder. */
export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly modifiedMs: number;
}

/**
 * The entries of a folder without hidden names and dangling links, up to 2,000. Throws `AppError`: 'folder-not-found'
 * or 'folder-not-readable'.
 */
export function readEntries(path: string): FolderEntry[] {
  return readNames(path)
    .filter(({ name }) => !name.startsWith('.'))
    .slice(0, MAX_ENTRIES)
    .flatMap(({ name }) => entryOf(path, name));
}

function entryOf(folder: string, name: string): FolderEntry[] {
  try {
    const stat = statSync(join(folder, name));
    return [{ name, isFolder: stat.isDirectory(), modifiedMs: stat.mtimeMs }];
  } catch {
    return []; // a dangling link
  }
}

function readNames(path: string): Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (cause) {
    const isMissing = errnoOf(cause) === 'ENOENT';
    throw isMissing
      ? new AppError('folder-not-found', message('files.folderGone', { path }), { where: path, cause })
      : new AppError('folder-not-readable', message('files.folderUnreadable', { path }), {
          where: path,
          cause,
        });
  }
}
