import fc from 'fast-check';
import { describe, it } from 'vitest';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { expectGradientsOfDifferences } from './gradientCheck.ts';
import { SHAPED_KINDS, shapedCase } from './shapeCases.ts';

/* Kinked blocks see the input itself, whose normal numbers do not fall within a difference step of 0. */
describe('gradients of the reference against central differences, any shape', () => {
  it.each(SHAPED_KINDS)('%s', (kind) => {
    fc.assert(
      fc.property(shapedCase(kind), (one) => {
        expectGradientsOfDifferences(referenceBackend, one);
      }),
      { numRuns: 10 },
    );
  });
});
