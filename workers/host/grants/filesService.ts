import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { isModelName } from '#core/import/modelEndings.ts';
import { hasImageExtension } from '../../data/format/fileNames.ts';
import { message } from '#core/words/message.ts';
import { createPace } from '../../threads/pace.ts';
import type { FolderEntry } from '../storage/readEntries.ts';
import type { Storage } from '../storage/storageThread.ts';
import type { DescribedPath, FileGrants } from './fileGrants.ts';

type Listing = LabResult<'files.list'>;

/**
 * The picker's listing of a folder: folders first, then projects, models and other files. Leaves out hidden names, and
 * links that lead out of the roots.
 */
export async function listFolder(
  grants: FileGrants,
  token: string | null,
  storage: Storage,
): Promise<Listing> {
  if (token === null) return listRoots(grants, storage);
  const path = grants.resolve(token, 'folder', 'read');
  const entries = await grantEntries(grants, token, path, await storage.call('listFolder', { path }));
  entries.sort((a, b) => RANK[a.kind] - RANK[b.kind] || (a.name < b.name ? -1 : 1));
  const above = dirname(path) === path ? null : grants.grantBelow(token, dirname(path), 'folder');
  return { folder: grants.describe(token), parent: above?.grant ?? null, entries };
}

const RANK = { folder: 0, project: 1, model: 2, image: 3, file: 4 } as const;

async function listRoots(grants: FileGrants, storage: Storage): Promise<Listing> {
  const [only, ...others] = grants.roots;
  if (only !== undefined && others.length === 0)
    return listFolder(grants, grants.grantInsideRoots(only).grant, storage);
  const entries = grants.roots.map((root) => ({
    name: root,
    kind: 'folder' as const,
    grant: grants.grantInsideRoots(root).grant,
    modifiedMs: 0,
  }));
  return { folder: null, parent: null, entries };
}

/**
 * Each entry with a grant; entries that lead out of the folder are left out. Resolving two thousand links takes a
 * while, so other messages are processed meanwhile.
 */
async function grantEntries(
  grants: FileGrants,
  folder: string,
  path: string,
  found: readonly FolderEntry[],
): Promise<Listing['entries']> {
  const pace = createPace();
  const entries: Listing['entries'] = [];
  for (const { name, isFolder, modifiedMs } of found) {
    await pace.tick(entries.length, null);
    const granted = grants.grantBelow(folder, join(path, name));
    if (granted === null) continue;
    const kind = isFolder ? 'folder' : kindOfFile(name);
    entries.push({ name: granted.name, kind, grant: granted.grant, modifiedMs });
  }
  return entries;
}

function kindOfFile(name: string): 'project' | 'model' | 'image' | 'file' {
  if (name.endsWith(PROJECT_EXTENSION)) return 'project';
  if (isModelName(name)) return 'model';
  return hasImageExtension(name) ? 'image' : 'file';
}

/** A typed path, granted when it exists inside the roots. */
export function grantTypedPath(grants: FileGrants, path: string): DescribedPath {
  const granted = grants.grantInsideRoots(path);
  try {
    statSync(granted.path);
  } catch (cause) {
    throw new AppError('folder-not-found', message('files.nothingThere', { path }), { where: path, cause });
  }
  return granted;
}
