import { compareText } from './compareText.ts';
import type { GraphDocument } from './schema.ts';

/**
 * The text of a project file: keys sorted at every level, two spaces, one final newline. The same document always gives
 * the same bytes, and moving a block changes lines of `layout` only, so that a line diff of two projects reads well.
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
