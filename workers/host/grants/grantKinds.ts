import { statSync } from 'node:fs';
import { PROJECT_EXTENSION } from '#core/document/schema.ts';
import { isModelName } from '#core/import/modelEndings.ts';
import { hasImageExtension } from '../../data/format/fileNames.ts';

/**
 * The kind of a grant. The host derives it from the file at the path or from how the user chose it, never from what a
 * page sends.
 */
export type GrantKind = 'folder' | 'project' | 'table' | 'model' | 'image' | 'export' | 'file';

/** The use of a grant: read, overwrite, or create a new file inside. */
export type GrantUse = 'read' | 'write' | 'create';

/** The uses allowed for each kind. A file of no kind is listed by its name and allows no use. */
export const GRANT_USES: { readonly [K in GrantKind]: readonly GrantUse[] } = {
  folder: ['read', 'create'],
  project: ['read', 'write'],
  table: ['read'],
  model: ['read'],
  image: ['read'],
  export: ['read'],
  file: [],
};

const TABLE_ENDINGS = ['.csv', '.tsv', '.txt'];

/** The kind of the entry at `path`; a missing one is a project by its name, else a missing folder. */
export function kindAt(path: string): GrantKind {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) return isProjectName(path) ? 'project' : 'folder';
    if (stat.isDirectory()) return 'folder';
    return stat.isFile() ? kindOfName(path) : 'file';
  } catch {
    return 'file'; // not accessible to this process
  }
}

function kindOfName(path: string): GrantKind {
  if (isProjectName(path)) return 'project';
  const name = path.toLowerCase();
  if (TABLE_ENDINGS.some((ending) => name.endsWith(ending))) return 'table';
  if (isModelName(name)) return 'model';
  return hasImageExtension(name) ? 'image' : 'file';
}

/** True for names that a project file may have: `.normlab.json`, and `.json` for a renamed one. */
function isProjectName(path: string): boolean {
  return path.endsWith(PROJECT_EXTENSION) || path.endsWith('.json');
}
