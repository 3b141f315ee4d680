/** Invisible characters: format characters (zero-width space and joiner, direction marks) and variation selectors. */
const UNSEEN = /[\p{Cf}\u034f\u180b-\u180d\ufe00-\ufe0f]/gu;

/**
 * Normalizes a class name by its appearance: letters are composed (NFC), invisible characters and spaces at the ends
 * are removed, spaces within are collapsed to one. Two names with the same result are one class.
 */
export function lookOf(name: string): string {
  return name.normalize('NFC').replace(UNSEEN, '').replace(/\s+/gu, ' ').trim();
}

/** Returns a path with composed letters (NFC); file systems may store either form. */
export function pathKey(path: string): string {
  return path.normalize('NFC');
}

/** Returns the groups of two or more names that differ only in letter case, each in the given order. */
export function sameButCase(names: readonly string[]): string[][] {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const key = lookOf(name).toLowerCase();
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [name]);
    else group.push(name);
  }
  return [...groups.values()].filter(({ length }) => length > 1);
}
