import { hash } from 'node:crypto';
import { compareNames } from '../walk/compareNames.ts';
import type { Sequence } from '../images/imageList.ts';

/** The input of a split: names, classes and, when known, which images are copies of each other. */
export interface SplitSubject {
  readonly images: Sequence<{ readonly file: string; readonly classIndex: number }>;
  readonly duplicates?: readonly (readonly number[])[];
}

/** One image and its copies within the class; always on one side of the split. */
export interface Group {
  readonly rank: string;
  readonly file: string;
  readonly members: number[];
  /** Its image belongs to several classes: it is never used for validation. */
  readonly mustTrain: boolean;
}

/** Groups in the order in which a split assigns them. */
export function sortGroups(groups: readonly Group[]): Group[] {
  return [...groups].sort((a, b) => compareNames(a.rank, b.rank) || compareNames(a.file, b.file));
}

/** The groups of each class; `seed` determines their ranks, SHA-256(`seed` + "/" + first relative name). */
export function groupsByClass(subject: SplitSubject, seed: number): Iterable<Group[]> {
  const classes = new Map<number, Group[]>();
  for (const members of memberLists(subject)) {
    const classIndices = new Set(members.map((index) => subject.images.at(index)?.classIndex ?? 0));
    for (const classIndex of classIndices) {
      const own = members.filter((index) => subject.images.at(index)?.classIndex === classIndex);
      const group = makeGroup(subject, own, classIndices.size > 1, seed);
      const list = classes.get(classIndex);
      if (list === undefined) classes.set(classIndex, [group]);
      else list.push(group);
    }
  }
  return classes.values();
}

function makeGroup(subject: SplitSubject, members: number[], mustTrain: boolean, seed: number): Group {
  const files = members.map((index) => subject.images.at(index)?.file ?? '').sort(compareNames);
  const file = files[0] ?? '';
  return { rank: hash('sha256', `${seed}/${file}`), file, members, mustTrain };
}

/** Every image in exactly one list, together with its copies. */
function memberLists(subject: SplitSubject): number[][] {
  const copies = (subject.duplicates ?? []).map((group) => [...group]);
  const grouped = new Set(copies.flat());
  const single = Array.from({ length: subject.images.length }, (_, index) => index).filter(
    (index) => !grouped.has(index),
  );
  return [...copies, ...single.map((index) => [index])];
}
