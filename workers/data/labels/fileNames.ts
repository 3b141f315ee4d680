import { basename, sep } from 'node:path';
import { isTable } from './columnNames.ts';
import { pathKey } from '#core/document/lookalikes.ts';
import type { FolderWalk } from '../walk/walkFolder.ts';

/** How a name in a table matched a file: exactly, or in which respect it differs from the file's own name. */
export type MatchKind = 'exact' | 'extension' | 'form' | 'case';

export interface FoundFile {
  /** The file name as listed by the walk. */
  readonly file: string;
  readonly kind: MatchKind;
}

/** Finds the files of a folder by their names in tables; `many`: the name is ambiguous. */
export interface FileLocator {
  find(name: string): FoundFile | 'none' | 'many';
}

export function allFiles({ folders, stray }: Pick<FolderWalk, 'folders' | 'stray'>): string[] {
  return [...stray, ...folders.flatMap(({ files }) => files)];
}

/**
 * A name is taken as relative to the chosen folder, to one of its subfolders or to the parent folder (`NAME/1.png`), or
 * as an absolute path inside the chosen folder. `\` counts as `/`, and a leading `./` is ignored. The exact name is
 * looked up first; then a name that differs only in a missing extension, in the Unicode form of its letters, or in
 * letter case, if it matches a single file.
 */
export function fileLocator(walk: FolderWalk, chosen: string = walk.root): FileLocator {
  const files = allFiles(walk).filter((file) => !isTable(file));
  const folded = (name: string): string => pathKey(name).toLowerCase();
  const tables = [
    nameTable(files, 'exact', asWritten, asWritten),
    nameTable(files, 'extension', withoutExtension, asWritten),
    nameTable(files, 'form', pathKey, pathKey),
    nameTable(files, 'form', (file) => pathKey(withoutExtension(file)), pathKey),
    nameTable(files, 'case', folded, folded),
    nameTable(files, 'case', (file) => folded(withoutExtension(file)), folded),
  ];
  const prefixes = walk.folders.map(({ name }) => `${name}/`);
  const roots = [...new Set([walk.root, chosen])].map((root) => `${root.replaceAll(sep, '/')}/`);
  return {
    find: (name) => {
      const ways = waysToRead(name, roots, basename(walk.root));
      for (const { kind, find } of tables) {
        const direct = firstOf(ways, find);
        if (direct !== null) return { file: direct, kind };
        const below = new Set(prefixes.flatMap((prefix) => firstOf(ways, (way) => find(prefix + way)) ?? []));
        if (below.size > 1) return 'many';
        for (const file of below) return { file, kind };
      }
      return 'none';
    },
  };
}

interface NameTable {
  readonly kind: MatchKind;
  /** Null where no file has the name, or several have. */
  readonly find: (name: string) => string | null;
}

/**
 * Finds files by `keyOfFile`, which is looked up by `keyOfName`. The index is built at the first lookup: most tables
 * name their files exactly.
 */
function nameTable(
  files: readonly string[],
  kind: MatchKind,
  keyOfFile: (file: string) => string,
  keyOfName: (name: string) => string,
): NameTable {
  let made: Map<string, string | null> | null = null;
  const make = (): Map<string, string | null> => {
    const table = new Map<string, string | null>();
    for (const file of files) {
      const key = keyOfFile(file);
      table.set(key, table.has(key) ? null : file);
    }
    return table;
  };
  return { kind, find: (name) => (made ??= make()).get(keyOfName(name)) ?? null };
}

function firstOf(ways: readonly string[], find: (way: string) => string | null): string | null {
  for (const way of ways) {
    const file = find(way);
    if (file !== null) return file;
  }
  return null;
}

function asWritten(name: string): string {
  return name;
}

/** The paths inside the chosen folder that a name could mean. */
function waysToRead(name: string, roots: readonly string[], folder: string): string[] {
  const tidy = name.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  const inside = roots.flatMap((root) => {
    const isInside = tidy.startsWith(root) || pathKey(tidy).startsWith(pathKey(root));
    return isInside ? [tidy.slice(tidy.startsWith(root) ? root.length : lengthOfRoot(tidy, root))] : [];
  });
  const below = tidy.startsWith(`${folder}/`) ? [tidy.slice(folder.length + 1)] : [];
  return [tidy, ...inside, ...below];
}

/** Length of a root that is a prefix of `path` in another Unicode form. */
function lengthOfRoot(path: string, root: string): number {
  const depth = root.split('/').length - 1;
  return path.split('/').slice(0, depth).join('/').length + 1;
}

function withoutExtension(file: string): string {
  return file.replace(/\.[^./]+$/, '');
}
