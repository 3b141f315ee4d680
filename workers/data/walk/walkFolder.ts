import { readdirSync, realpathSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { compareNames } from './compareNames.ts';
import { isIgnoredName } from './ignoredNames.ts';
import { resolveLink } from './links.ts';
import type { Pace } from '../../threads/pace.ts';
import { readProblem } from '../../files/systemErrors.ts';
import { message, type Message } from '#core/words/message.ts';

export interface SkippedFile {
  /** Relative to the chosen folder, with '/'. */
  readonly file: string;
  readonly reason: Message;
}

/** The files of a folder, before any of them is opened. */
export interface FolderWalk {
  /** Real path of the chosen folder. */
  readonly root: string;
  /** One for each immediate subfolder, in order; `files` are relative to the chosen folder, with '/', in order. */
  readonly folders: readonly { readonly name: string; readonly files: string[] }[];
  /** Files that lie directly in the chosen folder. */
  readonly stray: readonly string[];
  readonly skipped: SkippedFile[];
}

interface Walker {
  readonly root: string;
  readonly walked: Set<string>;
  readonly skipped: SkippedFile[];
  readonly pace: Pace;
  found: number;
}

/** Lists the files of a folder-per-class layout. Throws Node's error when the folder itself cannot be listed. */
export async function walkFolder(path: string, pace: Pace): Promise<FolderWalk> {
  const root = realpathSync(path);
  const walker: Walker = { root, walked: new Set(), skipped: [], pace, found: 0 };
  const top = listFolder(walker, '', readEntries(root));
  const folders = [];
  for (const name of top.folders) folders.push({ name, files: await walkClass(walker, name) });
  return { root, folders, stray: top.files, skipped: walker.skipped };
}

/** All files below one class folder, however deep, in the order of their relative names. */
async function walkClass(walker: Walker, name: string): Promise<string[]> {
  const files: string[] = [];
  const waiting = [name];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    const found = openFolder(walker, folder);
    for (const file of found.files) files.push(file);
    for (const below of found.folders) waiting.push(below);
    walker.found += found.files.length;
    await walker.pace.tick(walker.found, null);
  }
  return files.sort(compareNames);
}

interface Listing {
  readonly files: string[];
  readonly folders: string[];
}

function openFolder(walker: Walker, folder: string): Listing {
  try {
    return listFolder(walker, `${folder}/`, readEntries(join(walker.root, folder)));
  } catch (thrown) {
    walker.skipped.push({ file: `${folder}/`, reason: readProblem(thrown, folder) });
    return { files: [], folders: [] };
  }
}

function listFolder(walker: Walker, prefix: string, entries: readonly Dirent[]): Listing {
  const listing: Listing = { files: [], folders: [] };
  for (const entry of entries) {
    if (isIgnoredName(entry.name)) continue;
    const file = prefix + entry.name;
    if (entry.isFile()) listing.files.push(file);
    else if (entry.isDirectory()) listing.folders.push(file);
    else if (entry.isSymbolicLink()) followLink(walker, file, listing);
    else walker.skipped.push({ file, reason: message('images.noFileNoFolder') });
  }
  return listing;
}

function followLink(walker: Walker, file: string, listing: Listing): void {
  const target = resolveLink(join(walker.root, file), walker.root, walker.walked);
  if (target.kind === 'none') walker.skipped.push({ file, reason: target.reason });
  else if (target.kind === 'file') listing.files.push(file);
  else {
    walker.walked.add(target.realPath);
    listing.folders.push(file);
  }
}

function readEntries(folder: string): Dirent[] {
  return readdirSync(folder, { withFileTypes: true }).sort((a, b) => compareNames(a.name, b.name));
}
