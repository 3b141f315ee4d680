import { statSync } from 'node:fs';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';

/**
 * What a grant is for. The host decides it by what stands at the path or by how the user chose it, never by what a page
 * says.
 */
export type GrantKind = 'folder' | 'project' | 'table' | 'export' | 'file';

/** What is done with it: looked at, written over, or a new file made inside. */
export type GrantUse = 'read' | 'write' | 'create';

/** What each kind may be used for. A file of no kind is shown by its name and serves for nothing. */
export const GRANT_USES: { readonly [K in GrantKind]: readonly GrantUse[] } = {
  folder: ['read', 'create'],
  project: ['read', 'write'],
  table: ['read'],
  export: ['read'],
  file: [],
};

const TABLE_ENDINGS = ['.csv', '.tsv', '.txt'];

/** The kind of what stands at `path`; what is not there is a project by its ending, else a folder that is gone. */
export function kindAt(path: string): GrantKind {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return isProjectName(path) ? 'project' : 'folder';
    if (stat.isDirectory()) return 'folder';
    return stat.isFile() ? kindOfName(path) : 'file';
  } catch {
    return 'file'; // nothing that this process may look at
  }
}

function kindOfName(path: string): GrantKind {
  if (isProjectName(path)) return 'project';
  return TABLE_ENDINGS.some((ending) => path.toLowerCase().endsWith(ending)) ? 'table' : 'file';
}

/** True for names under which a project may stand: `.normlab.json`, and `.json` for one that was renamed. */
function isProjectName(path: string): boolean {
  return path.endsWith(PROJECT_EXTENSION) || path.endsWith('.json');
}
