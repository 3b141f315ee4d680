import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { partsOf } from '#core/document/dataParts.ts';
import { isIgnoredName } from './ignoredNames.ts';

/** The folders of a set: the chosen one itself is `train` where it has no parts. */
export interface DataParts {
  readonly train: string;
  readonly validation: string | null;
  readonly test: string | null;
}

/**
 * Looks whether a folder holds a set in parts (train beside val, valid or test). A folder that is not there or cannot be listed
 * is left to `scanFolder`, which says what is wrong with it.
 */
export function resolveParts(folder: string): DataParts {
  const parts = partsOf(subfolders(folder));
  const at = (name: string | null): string | null => (name === null ? null : join(folder, name));
  if (parts === null) return { train: folder, validation: null, test: null };
  return { train: join(folder, parts.train), validation: at(parts.validation), test: at(parts.test) };
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !isIgnoredName(entry.name) && isFolder(join(folder, entry.name)))
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** True for a folder and for a link to one. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
