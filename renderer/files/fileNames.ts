import { PROJECT_EXTENSION } from '#core/document/schema.ts';

/**
 * True for a name that is valid for a file on every system and not hidden: not empty, no separators, no control
 * characters, no leading dot.
 */
export function isFileName(name: string): boolean {
  return name.trim() !== '' && !name.startsWith('.') && name.length <= 200 && !/[/\\\p{Cc}]/u.test(name);
}

/** `garden birds` or `garden birds.json` -> `garden birds.normlab.json`. */
export function withProjectExtension(name: string): string {
  const trimmed = name.trim();
  if (trimmed.endsWith(PROJECT_EXTENSION)) return trimmed;
  return trimmed.replace(/\.json$/i, '') + PROJECT_EXTENSION;
}

/** Turns any text, for example a project's name, into a name that `isFileName` accepts. */
export function toFileName(text: string): string {
  const cleaned = text
    .replace(/[/\\:*?"<>|\p{Cc}]+/gu, '-')
    .replace(/^[. ]+/, '')
    .trim();
  return isFileName(cleaned) ? cleaned.slice(0, 120) : 'untitled';
}
