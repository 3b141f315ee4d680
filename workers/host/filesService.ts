import { readdirSync, statSync, type Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LabResult } from '#core/contract/labApi.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { errnoOf } from './atomicFile.ts';
import { isInside, type DescribedPath, type FileGrants } from './fileGrants.ts';

/** Longest listing sent to the screen; a folder of a million pictures is for the scan, not for the picker. */
const MAX_ENTRIES = 2_000;

type Listing = LabResult<'files.list'>;

/**
 * What the in-app picker shows of a folder: folders first, then projects, then other files; hidden ones left out,
 * and links that lead out of the roots.
 */
export function listFolder(grants: FileGrants, token: string | null): Listing {
  if (token === null) return listRoots(grants);
  const path = grants.resolve(token);
  const folder = grants.grant(path);
  const entries = readEntries(path)
    .filter((entry) => !entry.name.startsWith('.'))
    .slice(0, MAX_ENTRIES)
    .flatMap((entry) => describeEntry(grants, path, entry))
    .sort((a, b) => RANK[a.kind] - RANK[b.kind] || (a.name < b.name ? -1 : 1));
  const above = dirname(path);
  const mayRise = above !== path && grants.roots.some((root) => isInside(root, above));
  return { folder, parent: mayRise ? grants.grant(above).grant : null, entries };
}

const RANK = { folder: 0, project: 1, file: 2 } as const;

function listRoots(grants: FileGrants): Listing {
  const [only, ...others] = grants.roots;
  if (only !== undefined && others.length === 0) return listFolder(grants, grants.grant(only).grant);
  const entries = grants.roots.map((root) => ({
    name: root,
    kind: 'folder' as const,
    grant: grants.grant(root).grant,
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
      ? new AppError('folder-not-found', `The folder ${path} is not there any more.`, { where: path, cause })
      : new AppError('folder-not-readable', `The folder ${path} cannot be read: check its permissions.`, {
          where: path,
          cause,
        });
  }
}

function describeEntry(grants: FileGrants, parent: string, entry: Dirent): Listing['entries'] {
  const path = join(parent, entry.name);
  if (entry.isSymbolicLink() && !grants.isInsideRoots(path)) return [];
  try {
    const stat = statSync(path);
    const kind = stat.isDirectory() ? 'folder' : entry.name.endsWith(PROJECT_EXTENSION) ? 'project' : 'file';
    return [{ name: entry.name, kind, grant: grants.grant(path).grant, modifiedMs: stat.mtimeMs }];
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
    throw new AppError('folder-not-found', `There is nothing at ${path}.`, { where: path, cause });
  }
  return granted;
}
