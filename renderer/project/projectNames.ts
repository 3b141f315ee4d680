import { messages } from '../messages/index.ts';
import type { ProjectFile } from './projectTab.ts';

/** The first of `name`, `name 2`, `name 3` … that is not in `taken`. */
export function freeProjectName(name: string, taken: readonly string[]): string {
  if (!taken.includes(name)) return name;
  for (let number = 2; ; number += 1) {
    const candidate = `${name} ${number}`;
    if (!taken.includes(candidate)) return candidate;
  }
}

const UNTITLED = Object.values(messages).map(({ shell }) => shell.files.untitled);

/** True for a default name, in any language of the screen: `Untitled`, `Untitled 2`. */
export function isUntitled(name: string): boolean {
  return UNTITLED.includes(name.replace(/ \d+$/, ''));
}

interface NamedTab {
  readonly key: string;
  readonly name: string;
  readonly file: Pick<ProjectFile, 'path'> | null;
}

/** For tabs of files with the same name: as much of the folder as distinguishes them, by tab key. */
export function folderHints(tabs: readonly NamedTab[]): ReadonlyMap<string, string> {
  const hints = new Map<string, string>();
  for (const tab of tabs) {
    if (tab.file === null) continue;
    const folders = foldersOf(tab.file.path);
    const twins = tabs
      .filter(({ key, name }) => key !== tab.key && name === tab.name)
      .map(({ file }) => (file === null ? [] : foldersOf(file.path)));
    if (twins.length > 0) hints.set(tab.key, shortestEnd(folders, twins));
  }
  return hints;
}

/** Folder names from the root on, without the file's own. */
function foldersOf(path: string): readonly string[] {
  return path.split(/[\\/]+/).slice(0, -1);
}

function shortestEnd(folders: readonly string[], others: readonly (readonly string[])[]): string {
  const end = (of: readonly string[], count: number): string => of.slice(-count).join('/');
  for (let count = 1; count < folders.length; count += 1) {
    const candidate = end(folders, count);
    if (others.every((other) => end(other, count) !== candidate)) return candidate;
  }
  return folders.join('/') || '/';
}
