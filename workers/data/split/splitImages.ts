import type { Fold } from '#core/document/dataSettings.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { groupsByClass, sortGroups, type Group, type SplitSubject } from './imageGroups.ts';

/** Indices into `images`, ascending. */
export interface ImageSplit {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/**
 * Sets `fraction` (0 to 0.9) of each class aside for validation: `round(fraction * n)`, but at least one image and at
 * most n - 1 in a class of two or more (none when `fraction` is 0). Within a class the images with the smallest
 * SHA-256(`seed` + "/" + relative name) are taken, so that the choice depends on names and seed only, never on the
 * order of the directory, and most images keep their side when others are added. Copies of an image stay on one side,
 * and images that belong to several classes are used for training only; a class that consists only of copies then has
 * no validation image.
 */
export function splitImages(subject: SplitSubject, fraction: number, seed: number): ImageSplit {
  const isValidation = new Uint8Array(subject.images.length);
  for (const groups of groupsByClass(subject, seed)) {
    const count = groups.reduce((sum, group) => sum + group.members.length, 0);
    for (const index of chooseValidation(groups, validationCount(count, fraction))) isValidation[index] = 1;
  }
  return sidesOf(isValidation);
}

/**
 * Divides the images into `folds` parts, each with its share of every class, and returns part `fold` (from 1) for
 * validation and the others for training. Within a class the groups are assigned in the order of `splitImages`, each to
 * the part that has the fewest images of the class so far; on a tie, class i begins with part i, so that remainders
 * spread. Every image is used for validation in exactly one fold, except those in several classes, which are never
 * used.
 */
export function splitFold(subject: SplitSubject, { folds, fold }: Fold, seed: number): ImageSplit {
  const isValidation = new Uint8Array(subject.images.length);
  let classNumber = 0;
  for (const groups of groupsByClass(subject, seed)) {
    const sizes = new Array<number>(folds).fill(0);
    for (const group of sortGroups(groups.filter(({ mustTrain }) => !mustTrain))) {
      const part = smallestPart(sizes, classNumber);
      sizes[part] = must(sizes[part], 'part of a class') + group.members.length;
      if (part === fold - 1) for (const index of group.members) isValidation[index] = 1;
    }
    classNumber += 1;
  }
  return sidesOf(isValidation);
}

function smallestPart(sizes: readonly number[], first: number): number {
  const turned = sizes.map((_, at) => (first + at) % sizes.length);
  return turned.reduce((best, part) => ((sizes[part] ?? 0) < (sizes[best] ?? 0) ? part : best));
}

/** The two sides of a split: 1 for a validation image. */
export function sidesOf(isValidation: Uint8Array): ImageSplit {
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
    if (wanted > 0) for (const member of group.members) chosen.push(member);
  }
  return chosen;
}
