import { compareNames } from '../compareNames.ts';
import type { FolderWalk, SkippedFile } from '../walkFolder.ts';
import type { LabelRow, LabelTable } from './readLabelTable.ts';

/** A walk whose classes are the labels of a table, and how many of its lines name a file that is there. */
export interface LabelledWalk {
  readonly walk: FolderWalk;
  readonly matched: number;
}

/**
 * Sorts the files of a walk by the labels of a table instead of by their folders. A line's file is taken relative to the chosen folder,
 * or to one of its subfolders, with or without its extension. Skipped and listed are lines whose file is not there, files with
 * two different labels, and files that no line names.
 */
export function labelWalk(walk: FolderWalk, table: LabelTable): LabelledWalk {
  const locate = fileLocator(walk);
  const labels = new Map<string, LabelRow>();
  const skipped: SkippedFile[] = [];
  const contradicted = new Set<string>();
  for (const row of table.rows) {
    const file = locate(row.file);
    const earlier = file === null ? undefined : labels.get(file);
    if (file === null)
      skipped.push({
        file: row.file,
        reason: `named in line ${row.line} of the labels, but not in the folder`,
      });
    else if (earlier === undefined) labels.set(file, row);
    else if (earlier.label !== row.label) contradicted.add(file);
  }
  for (const file of contradicted) {
    skipped.push({
      file,
      reason: `the labels give it more than one class (line ${labels.get(file)?.line ?? 0} and later)`,
    });
    labels.delete(file);
  }
  const unnamed = allFiles(walk).filter((file) => !labels.has(file) && !contradicted.has(file));
  for (const file of unnamed) {
    if (!isTable(file)) skipped.push({ file, reason: 'no line of the labels names it' });
  }
  return {
    walk: { ...walk, folders: foldersByLabel(labels), stray: [], skipped: [...walk.skipped, ...skipped] },
    matched: labels.size + contradicted.size,
  };
}

/** True for names that end like a table of labels. */
export function isTable(file: string): boolean {
  return /\.(csv|tsv)$/i.test(file);
}

function allFiles({ folders, stray }: FolderWalk): string[] {
  return [...stray, ...folders.flatMap(({ files }) => files)];
}

/** Gives the walk's name of a file that a table names, or null. */
function fileLocator(walk: FolderWalk): (name: string) => string | null {
  const files = new Set(allFiles(walk));
  const bare = new Map<string, string | null>();
  for (const file of files) {
    const name = withoutExtension(file);
    // Two files that differ in the extension alone: neither is meant for certain.
    bare.set(name, bare.has(name) ? null : file);
  }
  const prefixes = ['', ...walk.folders.map(({ name }) => `${name}/`)];
  return (name) => {
    const tidy = name.replace(/^(\.\/)+/, '');
    for (const prefix of prefixes) if (files.has(prefix + tidy)) return prefix + tidy;
    for (const prefix of prefixes) {
      const found = bare.get(prefix + tidy) ?? null;
      if (found !== null) return found;
    }
    return null;
  };
}

function withoutExtension(file: string): string {
  return file.replace(/\.[^./]+$/, '');
}

function foldersByLabel(labels: ReadonlyMap<string, LabelRow>): { name: string; files: string[] }[] {
  const folders = new Map<string, string[]>();
  for (const [file, { label }] of labels) {
    const files = folders.get(label);
    if (files === undefined) folders.set(label, [file]);
    else files.push(file);
  }
  return [...folders.entries()]
    .map(([name, files]) => ({ name, files: files.sort(compareNames) }))
    .sort((a, b) => compareNames(a.name, b.name));
}
