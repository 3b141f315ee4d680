import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AppError } from '#core/diagnostics/appError.ts';
import { foldByGroups, splitByGroups } from './splitGroups.ts';

interface Subject {
  readonly images: readonly { readonly file: string; readonly classIndex: number }[];
  readonly groups: readonly (string | null)[];
}

/** Up to 60 images of up to four classes in up to 20 groups. */
const subjects = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.option(fc.integer({ min: 0, max: 19 }), { freq: 8 })), {
    minLength: 2,
    maxLength: 60,
  })
  .map((rows): Subject => ({
    images: rows.map(([classIndex], index) => ({ file: `${classIndex}/${index}.png`, classIndex })),
    groups: rows.map(([, group]) => (group === null ? null : `p${group}`)),
  }));
const seeds = fc.nat(1000);

/** Null when the set cannot be divided. */
function attempt<T>(act: () => T): T | null {
  try {
    return act();
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'groups-invalid') return null;
    throw thrown;
  }
}

function groupsOn({ groups }: Subject, side: Uint32Array): Set<string> {
  return new Set(Array.from(side, (index) => groups[index] ?? `file ${index}`));
}

/** `groups` groups of `size` images; the class of an image is `index % classes`. */
function even(groups: number, size: number, classes = 2): Subject {
  const numbers = Array.from({ length: groups * size }, (_, index) => index);
  return {
    images: numbers.map((index) => ({ file: `${index}.png`, classIndex: index % classes })),
    groups: numbers.map((index) => `g${Math.floor(index / size)}`),
  };
}

describe('a split by groups', () => {
  it('never has a group on both sides, every image on one, and every class in training', () => {
    fc.assert(
      fc.property(
        subjects,
        fc.double({ min: 0.01, max: 0.9, noNaN: true }),
        seeds,
        (subject, share, seed) => {
          const split = attempt(() => splitByGroups(subject, share, seed));
          if (split === null) return;
          expect([...split.train, ...split.validation].sort((a, b) => a - b)).toEqual([
            ...subject.images.keys(),
          ]);
          const trained = groupsOn(subject, split.train);
          expect([...groupsOn(subject, split.validation)].filter((group) => trained.has(group))).toEqual([]);
          const classes = new Set(Array.from(split.train, (index) => subject.images[index]?.classIndex));
          expect(classes.size).toBe(new Set(subject.images.map(({ classIndex }) => classIndex)).size);
          expect(split.validation.length).toBeGreaterThan(0);
          expect(splitByGroups(subject, share, seed)).toEqual(split);
        },
      ),
    );
  });

  it('has every fold disjoint from the others, and every free group in exactly one', () => {
    fc.assert(
      fc.property(subjects, fc.integer({ min: 2, max: 5 }), seeds, (subject, folds, seed) => {
        const parts = attempt(() =>
          Array.from({ length: folds }, (_, at) => foldByGroups(subject, { folds, fold: at + 1 }, seed)),
        );
        if (parts === null) return;
        const validated = parts.flatMap(({ validation }) => [...validation]);
        expect(new Set(validated).size).toBe(validated.length);
        for (const { train, validation } of parts) {
          const trained = groupsOn(subject, train);
          expect([...groupsOn(subject, validation)].filter((group) => trained.has(group))).toEqual([]);
          expect(validation.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it.each([10, 60, 500])('comes as near to the share as %i groups of 10 allow', (groups) => {
    const subject = even(groups, 10);
    const { validation } = splitByGroups(subject, 0.1, 3);
    expect(validation.length).toBe(groups);
    for (const classIndex of [0, 1])
      expect(validation.filter((index) => subject.images[index]?.classIndex === classIndex)).toHaveLength(
        groups / 2,
      );
    const folds = [1, 2, 3, 4, 5].map(
      (fold) => foldByGroups(subject, { folds: 5, fold }, 3).validation.length,
    );
    expect(folds).toEqual([1, 1, 1, 1, 1].map(() => groups * 2));
  });

  it('depends on the seed, and not on the order of the images', () => {
    const subject = even(40, 5);
    const turned = { images: subject.images.toReversed(), groups: subject.groups.toReversed() };
    const names = ({ images }: Subject, side: Uint32Array): string[] =>
      Array.from(side, (index) => images[index]?.file ?? '').sort();
    const split = splitByGroups(subject, 0.2, 1);
    expect(names(turned, splitByGroups(turned, 0.2, 1).validation)).toEqual(names(subject, split.validation));
    expect(splitByGroups(subject, 0.2, 2).validation).not.toEqual(split.validation);
  });

  it('joins groups that share a copy of an image, and lets copies under two classes train', () => {
    const subject = even(6, 4, 2);
    // Images 0 and 4 are the same image, so groups 0 and 1 are merged; images 8 and 9 are the same image in two
    // classes.
    const duplicates = [
      [0, 4],
      [8, 9],
    ];
    for (let seed = 0; seed < 20; seed += 1) {
      const { validation } = splitByGroups({ ...subject, duplicates }, 0.3, seed);
      expect(validation.includes(0)).toBe(validation.includes(4));
      expect(validation.includes(8)).toBe(false);
    }
  });

  it('is refused where it is impossible, in one sentence', () => {
    const one = { ...even(1, 8) };
    expect(() => splitByGroups(one, 0.1, 1)).toThrow(
      /^All images belong to one group .* cannot|^All images belong to one group/,
    );
    expect(splitByGroups(one, 0, 1).validation).toHaveLength(0);
    expect(() => foldByGroups(even(3, 8), { folds: 5, fold: 1 }, 1)).toThrow(
      /belong to 3 groups, so they do not make 5 folds/,
    );
    // Each group is a class of its own.
    const classes = {
      images: even(2, 4).images.map((image, at) => ({ ...image, classIndex: at < 4 ? 0 : 1 })),
      groups: even(2, 4).groups,
    };
    expect(() => splitByGroups(classes, 0.5, 1)).toThrow(/2 of them hold all images of a class/);
  });
});
