import { compareText } from './compareText.ts';
import type { GraphDocument } from './schema.ts';

/**
 * Returns the text of a project file: keys sorted at every level, indented by two spaces, with one final newline. The
 * same document always gives the same bytes. Moving a block changes only lines of `layout`, so a line diff of two
 * projects is readable.
 */
export function serializeDocument(document: GraphDocument): string {
  return `${JSON.stringify(sortKeys(document), null, 2)}\n`;
}

/** `value` with the keys of all its objects in code-unit order. */
export function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => compareText(a, b));
  return Object.fromEntries(entries.map(([key, item]) => [key, sortKeys(item)]));
}
