import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';
import type { DigestTable } from './digestTable.ts';

/**
 * Groups of pictures with the same bytes, as indices, in ascending order. Files whose digest covers only their front and end are
 * read whole before they count as the same; one that can no longer be read belongs to no group. `pathOf` gives a picture's path.
 */
export async function findDuplicates(
  digests: DigestTable,
  pathOf: (index: number) => string,
): Promise<number[][]> {
  const groups: number[][] = [];
  for (const group of digests.repeated()) {
    if (group.every((index) => digests.isWholeAt(index))) groups.push(group);
    else groups.push(...(await confirm(group, pathOf)));
  }
  return groups;
}

async function confirm(group: readonly number[], pathOf: (index: number) => string): Promise<number[][]> {
  const groups = new Map<string, number[]>();
  for (const index of group) {
    const digest = await digestFile(pathOf(index));
    if (digest !== null) groups.set(digest, [...(groups.get(digest) ?? []), index]);
  }
  return [...groups.values()].filter((same) => same.length > 1);
}

async function digestFile(path: string): Promise<string | null> {
  const digest = createHash('sha1');
  try {
    for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
    return digest.digest('base64');
  } catch {
    return null;
  }
}
