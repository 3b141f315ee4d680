import { describe, expect, it } from 'vitest';
import { toNodeId } from '../document/ids.ts';
import type { StateLayout, StatisticSlot } from '../program/stateLayout.ts';
import { exactStatistics } from './exactStatistics.ts';

const node = toNodeId('bn');
function slot(field: 'mean' | 'variance', offset: number): StatisticSlot {
  return { name: `bn.${field}`, node, field, dims: [1], offset, size: 1, initial: 0 };
}
const layout: StateLayout = {
  parameters: [],
  statistics: [slot('mean', 2), slot('variance', 3)],
  parameterSize: 2,
  statisticsOffset: 2,
  statisticsSize: 2,
  moments: 0,
  momentOffsets: [],
  totalSize: 4,
};
const layer = {
  node,
  epsilon: 0,
  valuesPerSample: 2,
  mean: slot('mean', 2),
  variance: slot('variance', 3),
  update: null,
  leansOnStored: false,
};

describe('exactStatistics', () => {
  /** The golden batches, two values a sample: [1,2,3,4] and [5,6,7,8]. */
  it.each([
    ['biased', 5.25],
    ['unbiased', 6],
  ] as const)('pools sorted batches to the true %s variance', (estimator, variance) => {
    const exact = exactStatistics(layout, [layer]);
    exact.add(new Float64Array([2.5, 1.25]), 2);
    exact.add(new Float64Array([6.5, 1.25]), 2);
    const state = new Float64Array([7, 7, 0, 1]);
    exact.store(state, () => estimator);
    expect([...state]).toEqual([7, 7, 4.5, variance]);
    expect(exact.batches).toBe(2);
  });

  it('weighs batches by their size', () => {
    const exact = exactStatistics(layout, [layer]);
    exact.add(new Float64Array([0, 1]), 3);
    exact.add(new Float64Array([4, 1]), 1);
    const state = new Float64Array(4);
    exact.store(state, () => 'biased');
    expect([...state]).toEqual([0, 0, 1, 4]);
  });
});
