import { basename, sep } from 'node:path';
import { isTable } from './columnNames.ts';
import { pathKey } from '#core/document/lookalikes.ts';
import type { FolderWalk } from '../walk/walkFolder.ts';

/** How a name of a table led to a file: as written, or by what it differs from the file's own name in. */
export type MatchKind = 'exact' | 'extension' | 'form' | 'case';

export interface FoundFile {
  /** The walk's own name of the file. */
  readonly file: string;
  readonly kind: MatchKind;
}

/** Finds the files of a folder by the names that tables give them; `many`: the name could mean several. */
export interface FileLocator {
  find(name: string): FoundFile | 'none' | 'many';
}

export function allFiles({ folders, stray }: Pick<FolderWalk, 'folders' | 'stray'>): string[] {
  return [...stray, ...folders.flatMap(({ files }) => files)];
}

/**
 * A name is taken relative to the chosen folder, to one of its subfolders, to the folder above (`NAME/1.png`), or as an
 * absolute path inside the chosen folder. `\` counts as `/`, and `./` as nothing. First the name as written is looked
 * for; then one that differs in its missing extension, in the Unicode form of its letters, or in letter case alone,
 * where a single file does.
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
 * Finds files by `keyOfFile`, which is looked up by `keyOfName`. Made when first asked: most tables name their files as
 * they are.
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

/** What a name could stand for inside the chosen folder. */
function waysToRead(name: string, roots: readonly string[], folder: string): string[] {
  const tidy = name.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  const inside = roots.flatMap((root) => {
    const isInside = tidy.startsWith(root) || pathKey(tidy).startsWith(pathKey(root));
    return isInside ? [tidy.slice(tidy.startsWith(root) ? root.length : lengthOfRoot(tidy, root))] : [];
  });
  const below = tidy.startsWith(`${folder}/`) ? [tidy.slice(folder.length + 1)] : [];
  return [tidy, ...inside, ...below];
}

/** Length of a root that `path` begins with in another Unicode form. */
function lengthOfRoot(path: string, root: string): number {
  const depth = root.split('/').length - 1;
  return path.split('/').slice(0, depth).join('/').length + 1;
}

function withoutExtension(file: string): string {
  return file.replace(/\.[^./]+$/, '');
}
