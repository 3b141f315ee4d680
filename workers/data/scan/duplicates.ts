import { join } from 'node:path';
import { digestWhole } from '../images/digestWhole.ts';
import type { DigestTable } from '../images/digestTable.ts';
import type { ImageList } from '../images/imageList.ts';

/**
 * Groups of images with the same bytes, as indices, in ascending order. Files whose digest covers only their front and
 * end are read completely before they count as the same; one that can no longer be read belongs to no group. `pathOf`
 * returns an image's path.
 */
export async function findDuplicates(
  digests: DigestTable,
  pathOf: (index: number) => string,
): Promise<number[][]> {
  const groups: number[][] = [];
  for (const group of digests.repeated()) {
    if (group.every((index) => digests.isWholeAt(index))) groups.push(group);
    else for (const same of await confirm(group, pathOf)) groups.push(same);
  }
  return groups;
}

/** The part of a scan that identifies its images' bytes. */
interface DigestedImages {
  readonly root: string;
  readonly images: ImageList;
  readonly digests: DigestTable;
}

/**
 * Images of `there` whose bytes are identical to an image of `here`, as pairs of relative names: a validation image
 * that is also in the training set makes the accuracy too good. Large files are read completely before they count.
 */
export async function findShared(
  here: DigestedImages,
  there: DigestedImages,
): Promise<{ here: string; there: string }[]> {
  const shared = [];
  for (const pair of here.digests.sharedWith(there.digests)) {
    const names = { here: here.images.fileOf(pair.here), there: there.images.fileOf(pair.there) };
    const isCertain = here.digests.isWholeAt(pair.here) && there.digests.isWholeAt(pair.there);
    if (isCertain || (await haveSameBytes(join(here.root, names.here), join(there.root, names.there))))
      shared.push(names);
  }
  return shared;
}

async function haveSameBytes(left: string, right: string): Promise<boolean> {
  const digest = await digestWhole(left);
  return digest !== null && digest === (await digestWhole(right));
}

async function confirm(group: readonly number[], pathOf: (index: number) => string): Promise<number[][]> {
  const groups = new Map<string, number[]>();
  for (const index of group) {
    const digest = await digestWhole(pathOf(index));
    if (digest !== null) groups.set(digest, [...(groups.get(digest) ?? []), index]);
  }
  return [...groups.values()].filter((same) => same.length > 1);
}
