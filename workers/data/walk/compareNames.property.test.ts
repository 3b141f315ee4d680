import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareNames } from './compareNames.ts';

const names = fc.string({ unit: 'binary', maxLength: 6 });

describe('compareNames', () => {
  it('orders by code points, as the UTF-8 bytes do', () => {
    fc.assert(
      fc.property(names, names, (a, b) => {
        const byBytes = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareNames(a, b))).toBe(byBytes);
      }),
      { numRuns: 2000 },
    );
  });
});
