import { basename, join } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { hasPictureExtension } from '../fileNames.ts';
import type { FolderWalk } from '../walkFolder.ts';
import { isTable, labelWalk } from './labelWalk.ts';
import { readLabelTable } from './readLabelTable.ts';

/** Where a picture's class comes from. */
export interface Layout {
  readonly walk: FolderWalk;
  /** Path of the table that gave the classes; null where the subfolders are the classes. */
  readonly labels: string | null;
  readonly warnings: readonly string[];
}

/**
 * Decides where the classes come from. A table that was asked for decides; else a table that lies in the folder does when the folder
 * cannot be one with a subfolder for each class (pictures lie directly in it, or it has at most one subfolder) and the table
 * names a file that is there. Throws `AppError('labels-invalid')` for a table that was asked for and is of no use.
 */
export function chooseLayout(walk: FolderWalk, wanted: string | null): Layout {
  if (wanted !== null) return askedFor(walk, wanted);
  const tables = walk.stray.filter(isTable);
  const mayBeFlat = walk.folders.length <= 1 || walk.stray.some(hasPictureExtension);
  if (!mayBeFlat) return { walk, labels: null, warnings: tables.map(unusedTable) };
  const warnings: string[] = [];
  for (const name of tables) {
    const path = join(walk.root, name);
    try {
      const labelled = labelWalk(walk, readLabelTable(path));
      if (labelled.matched > 0) return { walk: labelled.walk, labels: path, warnings };
      warnings.push(`“${name}” names no file of this folder, so it is not used.`);
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      warnings.push(thrown.message);
    }
  }
  return { walk, labels: null, warnings };
}

function askedFor(walk: FolderWalk, path: string): Layout {
  const labelled = labelWalk(walk, readLabelTable(path));
  if (labelled.matched > 0) return { walk: labelled.walk, labels: path, warnings: [] };
  const [first] = readLabelTable(path).rows;
  throw new AppError(
    'labels-invalid',
    `No file that “${basename(path)}” names is in “${walk.root}” (the first is “${first?.file ?? ''}”); choose the folder that its names start from.`,
    { where: path },
  );
}

function unusedTable(name: string): string {
  return `“${name}” is not used: the subfolders are the classes.`;
}
