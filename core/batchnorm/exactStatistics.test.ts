import { describe, expect, it } from 'vitest';
import { toNodeId } from '../diagnostics/ids.ts';
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
  /** The golden batches, two values per sample: [1,2,3,4] and [5,6,7,8]. */
  it.each([
    ['biased', 5.25],
    ['unbiased', 6],
  ] as const)('pools sorted batches to the true %s variance', (estimator, variance) => {
    const exact = exactStatistics(layout, [layer], new Float64Array(4));
    exact.add(new Float64Array([2.5, 1.25]), 2);
    exact.add(new Float64Array([6.5, 1.25]), 2);
    const state = new Float64Array([7, 7, 0, 1]);
    exact.store(state, () => estimator);
    expect([...state]).toEqual([7, 7, 4.5, variance]);
    expect(exact.batches).toBe(2);
  });

  it('weighs batches by their size', () => {
    const exact = exactStatistics(layout, [layer], new Float64Array(4));
    exact.add(new Float64Array([0, 1]), 3);
    exact.add(new Float64Array([4, 1]), 1);
    const state = new Float64Array(4);
    exact.store(state, () => 'biased');
    expect([...state]).toEqual([0, 0, 1, 4]);
  });

  it('keeps its digits about the stored mean, where the mean is large beside the deviation', () => {
    const near = new Float64Array([0, 0, 1e8, 1]);
    const exact = exactStatistics(layout, [layer], near);
    exact.add(new Float64Array([1e8 + 0.5, 0.25]), 1);
    exact.add(new Float64Array([1e8 + 2.5, 0.25]), 1);
    const state = new Float64Array(4);
    exact.store(state, () => 'biased');
    expect([...state]).toEqual([0, 0, 1e8 + 1.5, 1.25]);
  });

  it('tells how sure it is: the standard error of the mean of batch means', () => {
    const exact = exactStatistics(layout, [layer], new Float64Array(4));
    expect(exact.error().worst.mean).toBe(0);
    for (const mean of [1, 2, 3, 4]) exact.add(new Float64Array([mean, 1]), 2);
    // Batch means 1 to 4: standard deviation 1.290994 (n - 1), divided by the root of 4 batches; the variance of all
    // values is 2.25.
    const { worst, typical } = exact.error();
    expect(worst.mean).toBeCloseTo(1.2909944487 / 2 / 1.5, 9);
    // z = 1 + (mean - 2.5)^2 = 3.25, 1.25, 1.25, 3.25: standard deviation 1.154701, divided by 2, relative to 2.25.
    expect(worst.variance).toBeCloseTo(1.1547005384 / 2 / 2.25, 9);
    expect(typical).toEqual(worst);
  });

  it('tells the error of one block among several', () => {
    const [quiet, wide] = [layer, { ...layer, mean: slot('mean', 4), variance: slot('variance', 5) }];
    const both = {
      ...layout,
      statistics: [...layout.statistics, wide.mean, wide.variance],
      statisticsSize: 4,
    };
    const exact = exactStatistics(both, [quiet, wide], new Float64Array(6));
    for (const mean of [1, 2, 3, 4]) exact.add(new Float64Array([5, 1, mean, 1]), 2);
    expect(exact.error([quiet]).worst.mean).toBe(0);
    expect(exact.error([wide]).worst.mean).toBeCloseTo(1.2909944487 / 2 / 1.5, 9);
    expect(exact.error()).toMatchObject({ worst: exact.error([wide]).worst });
  });
});
