import type { DigestTable } from '../data/images/digestTable.ts';

/**
 * A key of each image by its content: equal for the same file in two tables. Of copies within a table the first has the
 * same key as the first one in another table, the second as the second, and so on.
 */
export function contentKeys(digests: DigestTable): string[] {
  const seen = new Map<string, number>();
  return Array.from({ length: digests.length }, (_, image) => {
    const digest = digests.hexAt(image);
    const copy = seen.get(digest) ?? 0;
    seen.set(digest, copy + 1);
    return copy === 0 ? digest : `${digest}#${copy}`;
  });
}
