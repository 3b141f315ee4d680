import fc from 'fast-check';
import { describe, it } from 'vitest';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { expectGradientsOfDifferences } from './gradientCheck.ts';
import { SHAPED_KINDS, shapedCase } from './shapeCases.ts';

/*
 * Blocks with a kink are applied directly to the input, whose normal numbers are farther from 0 than a difference step.
 */
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
