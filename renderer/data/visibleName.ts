/** Characters that would hide, break or turn around a name: controls, line breaks, direction marks and overrides, joiners. */
const UNSEEN = /[\p{Cc}\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu;

/** A file or class name as it can be shown safely: characters that cannot be seen stand as `\u{202e}`. */
export function visibleName(name: string): string {
  if (name.trim() === '') return JSON.stringify(name);
  return name.replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
