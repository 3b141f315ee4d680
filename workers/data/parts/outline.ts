import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isIgnoredName } from '../walk/ignoredNames.ts';
import { isTable } from '../labels/columnNames.ts';
import type { FolderWalk } from '../walk/walkFolder.ts';
import type { FolderOutline } from './judgeParts.ts';

/** The outlines of the subfolders of a folder, read from the disk; empty where it cannot be listed. */
export function outlineFolder(folder: string): {
  readonly folders: FolderOutline[];
  readonly hasTable: boolean;
} {
  const entries = listed(folder);
  const folders = entries
    .filter((entry) => isFolder(folder, entry))
    .map(({ name }) => {
      const path = join(folder, name);
      const inner = listed(path).filter((entry) => isFolder(path, entry));
      return { name, inner: inner.map((entry) => entry.name), size: () => countFiles(path) };
    });
  return { folders, hasTable: entries.some(({ name }) => isTable(name)) };
}

/** The outlines of the subfolders of a walk. */
export function outlineWalk({ folders }: Pick<FolderWalk, 'folders'>): FolderOutline[] {
  return folders.map(({ name, files }) => {
    const inner = new Set<string>();
    for (const file of files) {
      const [, second, third] = file.split('/', 3);
      if (third !== undefined && second !== undefined) inner.add(second);
    }
    return { name, inner: [...inner], size: () => files.length };
  });
}

function countFiles(folder: string): number {
  return listed(folder).reduce(
    (sum, entry) => sum + (isFolder(folder, entry) ? listed(join(folder, entry.name)).length : 1),
    0,
  );
}

function listed(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !isIgnoredName(name))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

/** True for a folder and for a link to one; false for a dangling or cyclic link. */
function isFolder(folder: string, entry: Dirent): boolean {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  try {
    return statSync(join(folder, entry.name)).isDirectory();
  } catch {
    return false;
  }
}
