import { describe, it } from 'vitest';
import type { Backend, ComputePrecision } from '../backend.ts';
import { referenceBackend } from '../reference/referenceBackend.ts';
import { CASES_BY_FAMILY } from './cases.ts';
import { expectSameStep } from './comparison.ts';
import { compileCase, observeOnce } from './experiment.ts';
import { describeConsistency } from './consistency.ts';
import { describeTraining } from './training.ts';
import type { Tolerances } from './tolerances.ts';

/**
 * Everything that a backend must do, as tests: every op in one training step, training over several steps with each optimizer,
 * evaluation and calibration behind it, byte input, all held against the reference backend; and what it must agree on with
 * itself. Call it from a test file of the backend.
 */
export function describeConformance(
  name: string,
  backend: Backend,
  precision: ComputePrecision,
  tolerances: Tolerances,
): void {
  describe(`${name} ${precision}`, () => {
    for (const [family, cases] of Object.entries(CASES_BY_FAMILY)) {
      describe(family, () => {
        it.each(cases)('$name', (one) => {
          const expected = observeOnce(referenceBackend, 'f64', one);
          const actual = observeOnce(backend, precision, one);
          expectSameStep(actual, expected, compileCase(one).state, tolerances);
        });
      });
    }
    describeTraining(backend, precision, tolerances);
    describeConsistency(backend, precision, tolerances);
  });
}
