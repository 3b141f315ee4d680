import { readdirSync, statSync, type Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { message } from '#core/words/message.ts';
import { errnoOf } from './atomicFile.ts';
import type { DescribedPath, FileGrants } from './fileGrants.ts';

/** Longest listing sent to the screen; a folder of a million pictures is for the scan, not for the picker. */
const MAX_ENTRIES = 2_000;

type Listing = LabResult<'files.list'>;

/**
 * What the in-app picker shows of a folder: folders first, then projects, then other files; hidden ones left out,
 * and links that lead out of the roots.
 */
export function listFolder(grants: FileGrants, token: string | null): Listing {
  if (token === null) return listRoots(grants);
  const path = grants.resolve(token, 'folder', 'read');
  const entries = readEntries(path)
    .filter((entry) => !entry.name.startsWith('.'))
    .slice(0, MAX_ENTRIES)
    .flatMap((entry) => describeEntry(grants, token, join(path, entry.name)))
    .sort((a, b) => RANK[a.kind] - RANK[b.kind] || (a.name < b.name ? -1 : 1));
  const above = dirname(path) === path ? null : grants.grantBelow(token, dirname(path), 'folder');
  return { folder: grants.describe(token), parent: above?.grant ?? null, entries };
}

const RANK = { folder: 0, project: 1, file: 2 } as const;

function listRoots(grants: FileGrants): Listing {
  const [only, ...others] = grants.roots;
  if (only !== undefined && others.length === 0)
    return listFolder(grants, grants.grantInsideRoots(only).grant);
  const entries = grants.roots.map((root) => ({
    name: root,
    kind: 'folder' as const,
    grant: grants.grantInsideRoots(root).grant,
    modifiedMs: 0,
  }));
  return { folder: null, parent: null, entries };
}

function readEntries(path: string): Dirent[] {
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

function describeEntry(grants: FileGrants, folder: string, path: string): Listing['entries'] {
  try {
    const stat = statSync(path);
    const granted = grants.grantBelow(folder, path);
    if (granted === null) return []; // a link that leads out
    const { grant, name } = granted;
    const kind = stat.isDirectory() ? 'folder' : name.endsWith(PROJECT_EXTENSION) ? 'project' : 'file';
    return [{ name, kind, grant, modifiedMs: stat.mtimeMs }];
  } catch {
    return []; // a dangling link
  }
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
