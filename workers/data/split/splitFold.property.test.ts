import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SplitSubject } from './imageGroups.ts';
import { splitFold } from './splitImages.ts';

/** Classes of 1 to 40 images, of which some are copies of the previous one. */
const subjects = fc
  .array(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), { minLength: 2, maxLength: 5 })
  .map((classes) => {
    const images: { file: string; classIndex: number }[] = [];
    const duplicates: number[][] = [];
    classes.forEach((copies, classIndex) => {
      copies.forEach((isCopy, number) => {
        if (isCopy && number > 0) {
          const last = duplicates.at(-1);
          if (last?.at(-1) === images.length - 1) last.push(images.length);
          else duplicates.push([images.length - 1, images.length]);
        }
        images.push({ file: `c${classIndex}/${number}.png`, classIndex });
      });
    });
    return { images, duplicates } satisfies SplitSubject;
  });
const foldCounts = fc.integer({ min: 2, max: 8 });
const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe('splitFold', () => {
  it('has every image validate in exactly one fold and train in all others', () => {
    fc.assert(
      fc.property(subjects, foldCounts, seeds, (subject, folds, seed) => {
        const validated = Array.from({ length: folds }, (_, index) =>
          splitFold(subject, { folds, fold: index + 1 }, seed),
        );
        const all = validated.flatMap(({ validation }) => [...validation]).sort((a, b) => a - b);
        expect(all).toEqual([...subject.images.keys()]);
        for (const { train, validation } of validated)
          expect(train.length + validation.length).toBe(subject.images.length);
      }),
    );
  });

  it('never puts copies on different sides', () => {
    fc.assert(
      fc.property(subjects, foldCounts, seeds, (subject, folds, seed) => {
        for (let fold = 1; fold <= folds; fold += 1) {
          const validation = new Set(splitFold(subject, { folds, fold }, seed).validation);
          for (const group of subject.duplicates)
            expect(new Set(group.map((index) => validation.has(index))).size).toBe(1);
        }
      }),
    );
  });

  it('gives each fold the same number of a class, give or take the largest group of copies', () => {
    fc.assert(
      fc.property(subjects, foldCounts, seeds, (subject, folds, seed) => {
        const largest = Math.max(1, ...subject.duplicates.map((group) => group.length));
        for (let classIndex = 0; classIndex < 2; classIndex += 1) {
          const counts = Array.from(
            { length: folds },
            (_, index) =>
              splitFold(subject, { folds, fold: index + 1 }, seed).validation.filter(
                (image) => subject.images[image]?.classIndex === classIndex,
              ).length,
          );
          expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(largest);
        }
      }),
    );
  });
});
