import { hash } from 'node:crypto';
import { compareNames } from '../walk/compareNames.ts';
import type { Sequence } from '../images/imageList.ts';

/** The input of a split by groups. */
export interface GroupedSubject {
  readonly images: Sequence<{ readonly file: string; readonly classIndex: number }>;
  readonly duplicates?: readonly (readonly number[])[];
  /** Group of each image; null for an image without a group. */
  readonly groups: readonly (string | null)[];
}

/**
 * Images that must stay on one side of the split: a group, merged with the groups that contain a copy of one of its
 * images.
 */
export interface Component {
  /** Rank of the component, which determines the order: SHA-256(seed + "/" + first group or file). */
  readonly rank: string;
  readonly name: string;
  readonly members: readonly number[];
  /** Number of images by class. */
  readonly counts: ReadonlyMap<number, number>;
  /**
   * One of its images belongs to several classes, or it holds all images of a class: it is never used for validation.
   */
  readonly mustTrain: boolean;
}

/** The components of a set in the order of their ranks. */
export function componentsOf(subject: GroupedSubject, seed: number): Component[] {
  const classOf = Uint32Array.from(subject.images, ({ classIndex }) => classIndex);
  const files = Array.from(subject.images, ({ file }) => file);
  const links = new Links(files.length);
  joinGroups(links, subject.groups);
  const torn = new Set<number>();
  for (const copies of subject.duplicates ?? []) {
    for (const index of copies) links.join(copies[0] ?? index, index);
    if (new Set(copies.map((index) => classOf[index])).size > 1) torn.add(links.rootOf(copies[0] ?? 0));
  }
  const tornRoots = new Set(Array.from(torn, (index) => links.rootOf(index)));
  const totals = countClasses(classOf, classOf.keys());
  return [...links.sets()]
    .map(([root, members]) => {
      const counts = countClasses(classOf, members);
      const holdsAll = [...counts].some(([classIndex, count]) => count === totals.get(classIndex));
      const name = nameOf(subject.groups, files, members);
      return {
        rank: hash('sha256', `${seed}/${name}`),
        name,
        members,
        counts,
        mustTrain: holdsAll || tornRoots.has(root),
      };
    })
    .sort((a, b) => compareNames(a.rank, b.rank) || compareNames(a.name, b.name));
}

/** The first of its groups, or of its files where it has no group. */
function nameOf(
  groups: GroupedSubject['groups'],
  files: readonly string[],
  members: readonly number[],
): string {
  let first: string | null = null;
  for (const index of members) {
    const name = groups[index] ?? files[index] ?? '';
    if (first === null || compareNames(name, first) < 0) first = name;
  }
  return first ?? '';
}

function joinGroups(links: Links, groups: GroupedSubject['groups']): void {
  const firstOf = new Map<string, number>();
  for (const [index, group] of groups.entries()) {
    if (group === null) continue;
    const first = firstOf.get(group);
    if (first === undefined) firstOf.set(group, index);
    else links.join(first, index);
  }
}

function countClasses(classOf: Uint32Array, members: Iterable<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (const index of members) {
    const classIndex = classOf[index] ?? 0;
    counts.set(classIndex, (counts.get(classIndex) ?? 0) + 1);
  }
  return counts;
}

/** Union-find over the numbers below `size`. */
class Links {
  private readonly parents: Uint32Array;

  constructor(size: number) {
    this.parents = Uint32Array.from({ length: size }, (_, index) => index);
  }

  rootOf(index: number): number {
    let root = index;
    while (this.parentOf(root) !== root) root = this.parentOf(root);
    for (let at = index; at !== root;) {
      const next = this.parentOf(at);
      this.parents[at] = root;
      at = next;
    }
    return root;
  }

  join(a: number, b: number): void {
    const [low, high] = [this.rootOf(a), this.rootOf(b)].sort((x, y) => x - y);
    if (low !== undefined && high !== undefined) this.parents[high] = low;
  }

  sets(): Map<number, number[]> {
    const sets = new Map<number, number[]>();
    for (const index of this.parents.keys()) {
      const root = this.rootOf(index);
      const members = sets.get(root);
      if (members === undefined) sets.set(root, [index]);
      else members.push(index);
    }
    return sets;
  }

  private parentOf(index: number): number {
    return this.parents[index] ?? index;
  }
}
