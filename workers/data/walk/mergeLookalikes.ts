import { lookOf, sameButCase } from '#core/document/lookalikes.ts';
import { compareNames } from './compareNames.ts';
import type { FolderWalk } from './walkFolder.ts';

/**
 * Makes classes that look the same one class: names that differ in the Unicode form of their letters, in spaces at the ends or in
 * unseen characters. It is called as the first of them. Each is told, and so are names that differ in letter case alone, which stay
 * two classes.
 */
export function mergeLookalikes(walk: FolderWalk): {
  readonly walk: FolderWalk;
  readonly warnings: string[];
} {
  const byLook = new Map<string, { readonly name: string; readonly files: string[] }[]>();
  for (const folder of walk.folders) {
    const look = lookOf(folder.name);
    const same = byLook.get(look);
    if (same === undefined) byLook.set(look, [folder]);
    else same.push(folder);
  }
  const groups = [...byLook.values()];
  const folders = groups.map((group) => merged(group)).sort((a, b) => compareNames(a.name, b.name));
  return {
    walk: { ...walk, folders },
    warnings: [...groups.filter(({ length }) => length > 1).map(mergedWarning), ...caseWarnings(folders)],
  };
}

function merged(group: readonly { readonly name: string; readonly files: string[] }[]): {
  name: string;
  files: string[];
} {
  const [first] = group;
  const name = first?.name ?? '';
  if (group.length === 1) return { name, files: first?.files ?? [] };
  return { name, files: group.flatMap(({ files }) => files).sort(compareNames) };
}

function mergedWarning(group: readonly { readonly name: string }[]): string {
  const names = group.map(({ name }) => JSON.stringify(name).replace(/[^ -~]/gu, escaped)).join(', ');
  return `${group.length} class names look the same (${names}); they are one class.`;
}

/** A character that the reader could not tell from another by looking. */
function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function caseWarnings(folders: readonly { readonly name: string }[]): string[] {
  return sameButCase(folders.map(({ name }) => name)).map(
    (names) =>
      `The classes ${names.map((name) => `“${name}”`).join(' and ')} differ in letter case alone, and they are taken as ${names.length} classes; rename them if they are one.`,
  );
}
