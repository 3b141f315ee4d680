import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REMAINDER_POLICIES } from '../document/trainingSettings.ts';
import { batchIndices, planEpoch } from './epochPlan.ts';

describe('planEpoch', () => {
  it.each([
    [10, 4, 'keep', [4, 4, 2]],
    [10, 4, 'drop', [4, 4]],
    [10, 4, 'merge', [4, 6]],
    [8, 4, 'keep', [4, 4]],
    [8, 4, 'merge', [4, 4]],
    [3, 4, 'keep', [3]],
    [3, 4, 'merge', [3]],
    [5, 1, 'keep', [1, 1, 1, 1, 1]],
  ] as const)('cuts %i samples by %i with %s into %j', (size, batch, policy, expected) => {
    const plan = planEpoch(size, batch, policy);
    const order = Uint32Array.from({ length: size }, (_, index) => index);
    const sizes = Array.from({ length: plan.steps }, (_, at) => batchIndices(plan, order, at).length);
    expect(sizes).toEqual(expected);
  });

  it('refuses to drop everything', () => {
    expect(() => planEpoch(3, 4, 'drop')).toThrow(/3 training images do not fill one batch of 4/);
    expect(() => planEpoch(0, 4, 'keep')).toThrow(/0 training images/);
  });

  it('visits every planned sample once', () => {
    const policy = fc.constantFrom(...REMAINDER_POLICIES);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 1, max: 40 }),
        policy,
        (size, batch, how) => {
          fc.pre(how !== 'drop' || size >= batch);
          const plan = planEpoch(size, batch, how);
          const order = Uint32Array.from({ length: size }, (_, index) => index);
          const seen = Array.from({ length: plan.steps }, (_, at) => [
            ...batchIndices(plan, order, at),
          ]).flat();
          expect(seen).toEqual([...order.subarray(0, plan.samples)]);
          expect(size - plan.samples).toBeLessThan(how === 'drop' ? batch : 1);
          expect(plan.lastBatch).toBeLessThan(2 * batch);
        },
      ),
    );
  });
});
