import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DigestTable } from './digestTable.ts';
import { DEPTHS } from '../pixels/depth.ts';
import { IMAGE_FORMATS } from '../format/imageFormat.ts';
import { imageListOf, type ScannedImage } from './imageList.ts';

const images: fc.Arbitrary<ScannedImage> = fc.record({
  file: fc.string({ unit: 'binary' }),
  classIndex: fc.nat(100_000),
  sizeBytes: fc.nat(2 ** 40),
  modifiedMs: fc.double({ min: 0, max: 1e14, noNaN: true }),
  width: fc.integer({ min: 1, max: 100_000_000 }),
  height: fc.integer({ min: 1, max: 100_000_000 }),
  channels: fc.constantFrom(1 as const, 3 as const),
  format: fc.constantFrom(...IMAGE_FORMATS),
  orientation: fc.integer({ min: 1, max: 8 }),
  depth: fc.constantFrom(...DEPTHS),
});

describe('a list of pictures', () => {
  it('gives back what was put in, names that UTF-8 cannot hold included', () => {
    const odd = { ...(fc.sample(images, { numRuns: 1, seed: 1 })[0] as ScannedImage), file: 'a/\ud800x.png' };
    fc.assert(
      fc.property(fc.array(images, { maxLength: 200 }), (wanted) => {
        const list = imageListOf([...wanted, odd]);
        expect([...list]).toEqual([...wanted, odd]);
        expect([list.length, list.at(list.length), list.at(-1)]).toEqual([
          wanted.length + 1,
          undefined,
          undefined,
        ]);
        expect(Array.from(list.keys(), (index) => list.fileOf(index))).toEqual(
          [...wanted, odd].map(({ file }) => file),
        );
      }),
    );
  });

  it('renumbers classes and leaves the rest and the first list as they are', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 50 }), (classes) => {
        const [any] = fc.sample(images, { numRuns: 1, seed: 2 });
        const list = imageListOf(
          classes.map((classIndex, at) => ({ ...(any as ScannedImage), classIndex, file: `${at}` })),
        );
        const other = list.withClasses([7, 5, 6, 4]);
        expect(Array.from(other, ({ classIndex }) => classIndex)).toEqual(
          classes.map((at) => [7, 5, 6, 4][at]),
        );
        expect(Array.from(list, ({ classIndex }) => classIndex)).toEqual(classes);
        expect(list.filesOfClass(2, 3)).toEqual(
          [...classes.keys()]
            .filter((at) => classes[at] === 2)
            .slice(0, 3)
            .map(String),
        );
      }),
    );
  });
});

describe('a table of digests', () => {
  it('groups the same ones in order, also where only their ends differ', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 60 }), (pairs) => {
        const table = new DigestTable();
        for (const [front, back] of pairs) table.add(Buffer.alloc(20, back).fill(front, 0, 8), true);
        const groups = new Map<string, number[]>();
        pairs.forEach((pair, index) => groups.set(pair.join(), [...(groups.get(pair.join()) ?? []), index]));
        expect(table.repeated()).toEqual([...groups.values()].filter((group) => group.length > 1));
      }),
    );
  });
});
