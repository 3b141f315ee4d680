import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUZZ_TARGETS } from './testing/fuzzTargets.ts';
import { mutate, outcomeOf, seededRandom } from './testing/mutate.ts';

describe.each(FUZZ_TARGETS)('$name', (target) => {
  it('reads its first seed', () => {
    const [seed] = target.seeds;
    expect(seed && outcomeOf(target, seed)).toBe('model');
  });

  it('reads or refuses a file that ends at any byte', () => {
    for (const seed of target.seeds)
      for (let length = 0; length < seed.bytes.length; length += 1)
        outcomeOf(target, { ...seed, bytes: seed.bytes.subarray(0, length) });
  });

  it('reads or refuses a file with any changes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...target.seeds), fc.integer(), (seed, number) => {
        outcomeOf(target, mutate(seed, seededRandom(number)));
      }),
      { numRuns: 600 },
    );
  });
});
