import { describe, it } from 'vitest';
import type { Backend, ComputePrecision } from '../backend/backend.ts';
import { referenceBackend } from '../backend/reference/referenceBackend.ts';
import { describeAccumulation } from './accumulation.ts';
import { describeWeightedAccumulation } from './weightedAccumulation.ts';
import { CASES_BY_FAMILY } from './cases.ts';
import type { ConformanceCase } from './conformanceCase.ts';
import { expectSameStep } from './comparison.ts';
import { compileCase, observeOnce, type Observation } from './experiment.ts';
import { describeConsistency } from './consistency.ts';
import { describeTaps } from './taps.ts';
import { describeTraining } from './training.ts';
import { deepened, type Tolerances } from './tolerances.ts';

/**
 * All conformance tests of a backend: every op in one training step, training over several steps with each optimizer,
 * evaluation and calibration after it, byte input, and outputs of blocks with gradients, all compared with the
 * reference backend; and tests of its consistency with itself. Call it from a test file of the backend.
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
          const actual = observeOnce(backend, precision, one);
          const allowed = deepened(tolerances, one.roundingDepth ?? 1);
          expectSameStep(actual, expectedOf(one), compileCase(one).state, allowed);
        });
      });
    }
    describeTraining(backend, precision, tolerances);
    describeAccumulation(backend, precision, tolerances);
    describeWeightedAccumulation(backend, precision, tolerances);
    describeConsistency(backend, precision, tolerances);
    describeTaps(backend, precision, tolerances);
  });
}

const expectations = new Map<ConformanceCase, Observation>();

/** The results of the reference for a case, computed once for all precisions of a test file. */
function expectedOf(one: ConformanceCase): Observation {
  const known = expectations.get(one) ?? observeOnce(referenceBackend, 'f64', one);
  expectations.set(one, known);
  return known;
}
