import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './atomicFile.ts';

/**
 * Creates a folder and its missing parents; does nothing when it exists. Node's own recursive `mkdir` cannot be used:
 * it reports a read-only disk as a missing folder (ENOENT) and never returns under /proc. Throws the system's error of
 * the first folder that cannot be created; EEXIST when a file has its name, ENOTDIR when a parent is a file.
 */
export function makeFolders(path: string): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path && statSync(above, { throwIfNoEntry: false }) === undefined) makeFolders(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have created it meanwhile.
    if (errnoOf(error) !== 'EEXIST' || !isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
