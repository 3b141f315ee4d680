import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REMAINDER_POLICIES } from '../document/trainingSettings.ts';
import { batchesOfUpdate, batchIndices, planEpoch } from './epochPlan.ts';

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
    const sizes = Array.from({ length: plan.batches }, (_, at) => batchIndices(plan, order, at).length);
    expect(sizes).toEqual(expected);
  });

  it.each([
    [10, 2, 3, [3, 2]],
    [10, 2, 5, [5]],
    [10, 2, 9, [5]],
    [10, 2, 1, [1, 1, 1, 1, 1]],
  ])('gathers %i samples in batches of %i, %i an update, into %j', (size, batch, accumulate, expected) => {
    const plan = planEpoch(size, batch, 'keep', accumulate);
    const counts: number[] = [];
    for (let at = 0; at < plan.batches;) {
      const { first, end } = batchesOfUpdate(plan, at);
      counts.push(end - first);
      at = end;
    }
    expect(counts).toEqual(expected);
    expect(plan.updates).toBe(expected.length);
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
          const seen = Array.from({ length: plan.batches }, (_, at) => [
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
