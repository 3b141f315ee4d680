import { describe, expect, it } from 'vitest';
import { toNodeId } from '../diagnostics/ids.ts';
import type { StateLayout, StatisticSlot } from '../program/stateLayout.ts';
import { driftOf } from './drift.ts';

const node = toNodeId('bn');
function slot(field: 'mean' | 'variance', offset: number): StatisticSlot {
  return { name: `bn.${field}`, node, field, dims: [2], offset, size: 2, initial: 0 };
}
/** Three parameters, then means at offset 3 and variances at offset 5. */
const layout: StateLayout = {
  parameters: [],
  statistics: [slot('mean', 3), slot('variance', 5)],
  parameterSize: 3,
  statisticsOffset: 3,
  statisticsSize: 4,
  moments: 0,
  momentOffsets: [],
  totalSize: 7,
};
const layer = {
  node,
  epsilon: 1,
  valuesPerSample: 1,
  mean: slot('mean', 3),
  variance: slot('variance', 5),
  update: null,
  leansOnStored: false,
};

describe('driftOf', () => {
  it('measures shifts of the mean in stored deviations', () => {
    const state = new Float64Array([0, 0, 0, 1, 2, 3, 8]);
    const drift = driftOf(layer, layout, state, new Float64Array([7, -10, 99, 99]));
    expect(drift).toBeCloseTo(Math.sqrt((9 + 16) / 2), 12);
  });

  it('is zero where batch and stored means agree, and not finite where they are not', () => {
    const state = new Float64Array([0, 0, 0, 1, 2, 3, 8]);
    expect(driftOf(layer, layout, state, new Float64Array([1, 2, 0, 0]))).toBe(0);
    expect(driftOf(layer, layout, state, new Float64Array([NaN, 2, 0, 0]))).toBeNaN();
  });
});
