import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_BITS, openHashIndex } from './hashIndex.ts';

const word = fc.integer({ min: 0, max: 0xffff_ffff });

/** Counts the ones in the text of both words. */
function distanceOf(low: number, high: number): number {
  return [low >>> 0, high >>> 0].reduce(
    (sum, each) => sum + [...each.toString(2)].filter((digit) => digit === '1').length,
    0,
  );
}

describe('openHashIndex', () => {
  it('finds exactly the hashes within the distance, each once', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(word, word), { maxLength: 40 }),
        fc.tuple(word, word),
        fc.array(fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 10 }), { maxLength: 20 }),
        (others, [low, high], flips) => {
          // Random hashes are hardly ever near: these differ from the wanted one in up to 10 bits.
          const near = flips.map((bits) =>
            bits.reduce<[number, number]>(
              ([l, h], bit) => (bit < 32 ? [(l ^ (1 << bit)) >>> 0, h] : [l, (h ^ (1 << (bit - 32))) >>> 0]),
              [low, high],
            ),
          );
          const all = [...others, ...near];
          const index = openHashIndex(
            Uint32Array.from(all, ([l]) => l),
            Uint32Array.from(all, ([, h]) => h),
          );
          const found: [number, number][] = [];
          index.near(low, high, (at, distance) => void found.push([at, distance]));
          const wanted = all
            .map(([l, h], at): [number, number] => [at, distanceOf(l ^ low, h ^ high)])
            .filter(([, distance]) => distance <= MOST_BITS);
          expect(found.sort((a, b) => a[0] - b[0])).toEqual(wanted);
        },
      ),
    );
  });
});
