import fc from 'fast-check';
import { describe, it } from 'vitest';
import type { Backend, ComputePrecision } from '../backend/backend.ts';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { expectSameStep } from './comparison.ts';
import { compileCase, observeOnce } from './experiment.ts';
import { SHAPED_KINDS, shapedCase } from './shapeCases.ts';
import type { Tolerances } from './tolerances.ts';

/**
 * Tests each block without a window in networks of random shapes and parameters, in a training step and in evaluation,
 * against the reference. `cases` is the number of networks, with a seed if they must be the same each time. Call it
 * from a test file of the backend.
 */
export function describeShapes(
  name: string,
  backend: Backend,
  precision: ComputePrecision,
  tolerances: Tolerances,
  cases: { readonly numRuns: number; readonly seed?: number },
): void {
  describe(`${name} ${precision}, any shape`, () => {
    it.each(SHAPED_KINDS)('%s', (kind) => {
      fc.assert(
        fc.property(shapedCase(kind), fc.constantFrom('train', 'evaluate'), (one, mode) => {
          const program = compileCase(one, { mode });
          const actual = observeOnce(backend, precision, one, { mode });
          const expected = observeOnce(referenceBackend, 'f64', one, { mode });
          expectSameStep(actual, expected, program.state, tolerances);
        }),
        cases,
      );
    });
  });
}
