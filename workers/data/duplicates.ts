import { createReadStream } from 'node:fs';
import { createHash } from 'node:crypto';

/** Where a picture's bytes can be compared: its digest from the scan, and its path for a second look. */
export interface DuplicateCandidate {
  readonly path: string;
  readonly digest: string;
  readonly digestIsWhole: boolean;
}

/**
 * Groups of pictures with the same bytes, as indices into `candidates`, in ascending order. Files whose digest covers only their
 * front and end are read whole before they count as the same; one that can no longer be read belongs to no group.
 */
export async function findDuplicates(candidates: readonly DuplicateCandidate[]): Promise<number[][]> {
  const groups: number[][] = [];
  for (const group of groupBy(candidates.map((candidate) => candidate.digest))) {
    if (group.every((index) => candidates[index]?.digestIsWhole === true)) groups.push(group);
    else groups.push(...(await confirm(candidates, group)));
  }
  return groups;
}

async function confirm(
  candidates: readonly DuplicateCandidate[],
  group: readonly number[],
): Promise<number[][]> {
  const digests: string[] = [];
  for (const index of group) digests.push(await digestFile(candidates[index]?.path ?? ''));
  return groupBy(digests).map((same) => same.map((at) => group[at] ?? 0));
}

function groupBy(keys: readonly string[]): number[][] {
  const groups = new Map<string, number | number[]>();
  keys.forEach((key, index) => {
    const before = groups.get(key);
    if (before === undefined) groups.set(key, index);
    else if (typeof before === 'number') groups.set(key, [before, index]);
    else before.push(index);
  });
  return [...groups.values()].filter((group) => typeof group !== 'number');
}

async function digestFile(path: string): Promise<string> {
  const digest = createHash('sha1');
  try {
    for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
    return digest.digest('base64');
  } catch {
    return `unreadable ${path}`;
  }
}
