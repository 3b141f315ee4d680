/**
 * Characters that are not seen: format characters (zero-width space and joiner, direction marks) and variation
 * selectors.
 */
const UNSEEN = /[\p{Cf}\u034f\u180b-\u180d\ufe00-\ufe0f]/gu;

/**
 * What a class name looks like: letters composed (NFC), unseen characters and spaces at the ends left out, spaces
 * within as one. Two names with the same look are one class.
 */
export function lookOf(name: string): string {
  return name.normalize('NFC').replace(UNSEEN, '').replace(/\s+/gu, ' ').trim();
}

/** A path with composed letters: file systems store either form. */
export function pathKey(path: string): string {
  return path.normalize('NFC');
}

/** Groups of names that differ in letter case alone, each in the order given; only groups of two or more. */
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
