import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './atomicFile.ts';

/**
 * Makes a folder and those above it that are missing; nothing happens when it is there. Node's own recursive `mkdir` is
 * no help: it takes a read-only disk for a missing folder (ENOENT) and never returns under /proc. Throws the system's
 * error of the first folder that cannot be made; EEXIST when a file stands there, ENOTDIR when one stands above it.
 */
export function makeFolders(path: string): void {
  if (isFolder(path)) return;
  const above = dirname(path);
  if (above !== path && statSync(above, { throwIfNoEntry: false }) === undefined) makeFolders(above);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have been quicker.
    if (errnoOf(error) !== 'EEXIST' || !isFolder(path)) throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
