import { lookOf, sameButCase } from '#core/document/lookalikes.ts';
import { message, type Message, type MessageValue } from '#core/words/message.ts';
import { compareNames } from './compareNames.ts';
import type { FolderWalk } from './walkFolder.ts';

/**
 * Merges classes whose names look the same: names that differ in the Unicode form of their letters, in spaces at the
 * ends or in invisible characters. The merged class has the first of the names. Each merge is reported, and so are
 * names that differ only in letter case, which stay separate classes.
 */
export function mergeLookalikes(walk: FolderWalk): {
  readonly walk: FolderWalk;
  readonly warnings: Message[];
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

function mergedWarning(group: readonly { readonly name: string }[]): Message {
  const names = group.map(({ name }) => JSON.stringify(name).replace(/[^ -~]/gu, escaped));
  return message('folders.mergedClasses', { length: group.length, names });
}

/** A character that a reader could not distinguish from another. */
function escaped(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

function caseWarnings(folders: readonly { readonly name: string }[]): Message[] {
  return sameButCase(folders.map(({ name }) => name)).map((names) =>
    message('folders.caseAlone', { names: joined(names.map((name) => `“${name}”`)), length: names.length }),
  );
}

/** Joins names: `a and b and c`. */
function joined([first = '', ...others]: readonly string[]): MessageValue {
  return others.reduce<MessageValue>((former, last) => message('plain.and', { first: former, last }), first);
}
