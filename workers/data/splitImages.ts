import { hash } from 'node:crypto';
import { compareNames } from './compareNames.ts';
import type { Sequence } from './imageList.ts';

/** What a split looks at: names, classes and, when known, which pictures are copies of each other. */
export interface SplitSubject {
  readonly images: Sequence<{ readonly file: string; readonly classIndex: number }>;
  readonly duplicates?: readonly (readonly number[])[];
}

/** Indices into `images`, ascending. */
export interface ImageSplit {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/** One picture and its copies within the class; always on one side. */
interface Group {
  readonly rank: string;
  readonly file: string;
  readonly members: number[];
  readonly mustTrain: boolean;
}

/**
 * Sets `fraction` (0 to 0.9) of each class apart for validation: `round(fraction * n)`, but at least one picture and at most
 * n - 1 in a class of two or more (none when `fraction` is 0). Within a class the pictures with the smallest
 * SHA-256(`seed` + "/" + relative name) are taken, so that the choice depends on names and seed only, never on the order of the
 * directory, and most pictures keep their side when others are added. Copies of a picture stay on one side, and pictures that
 * stand under several classes are trained on only; a class that consists of copies alone then has no validation picture.
 */
export function splitImages(subject: SplitSubject, fraction: number, seed: number): ImageSplit {
  const isValidation = new Uint8Array(subject.images.length);
  for (const groups of groupsByClass(subject, seed)) {
    const count = groups.reduce((sum, group) => sum + group.members.length, 0);
    for (const index of chooseValidation(groups, validationCount(count, fraction))) isValidation[index] = 1;
  }
  const side = (wanted: number): Uint32Array =>
    Uint32Array.from([...isValidation.keys()].filter((index) => isValidation[index] === wanted));
  return { train: side(0), validation: side(1) };
}

function validationCount(images: number, fraction: number): number {
  if (fraction <= 0 || images < 2) return 0;
  return Math.min(images - 1, Math.max(1, Math.round(images * fraction)));
}

/** Takes whole groups in the order of their ranks while they fit, and always leaves one group for training. */
function chooseValidation(groups: readonly Group[], wanted: number): number[] {
  const free = groups.filter((group) => !group.mustTrain);
  const spare = free.length < groups.length ? free.length : free.length - 1;
  const chosen: number[] = [];
  for (const group of sortGroups(free).slice(0, Math.max(0, spare))) {
    if (chosen.length > 0 && chosen.length + group.members.length > wanted) continue;
    if (wanted > 0) chosen.push(...group.members);
  }
  return chosen;
}

function sortGroups(groups: readonly Group[]): Group[] {
  return [...groups].sort((a, b) => compareNames(a.rank, b.rank) || compareNames(a.file, b.file));
}

function groupsByClass(subject: SplitSubject, seed: number): Iterable<Group[]> {
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

/** Every picture in exactly one list, together with its copies. */
function memberLists(subject: SplitSubject): number[][] {
  const copies = (subject.duplicates ?? []).map((group) => [...group]);
  const grouped = new Set(copies.flat());
  const single = Array.from({ length: subject.images.length }, (_, index) => index).filter(
    (index) => !grouped.has(index),
  );
  return [...copies, ...single.map((index) => [index])];
}
