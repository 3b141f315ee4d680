import { describe, expect, it } from 'vitest';
import { toNodeId } from '../diagnostics/ids.ts';
import { INITIALIZERS } from '../nodes/initializers.ts';
import type { Initializer, ParameterSlot, StateLayout } from '../program/stateLayout.ts';
import { initializeState } from './initialize.ts';

function slot(name: string, offset: number, size: number, init: Initializer): ParameterSlot {
  const node = toNodeId(name.split('.')[0] ?? '');
  return {
    name,
    node,
    field: 'weights',
    dims: [size],
    offset,
    size,
    init,
    trainable: true,
    decayed: true,
    rateFactor: 1,
  };
}

function layoutOf(parameters: ParameterSlot[]): StateLayout {
  const parameterSize = parameters.reduce((sum, each) => sum + each.size, 0);
  const node = toNodeId('bn');
  const statistic = (field: 'mean' | 'variance', offset: number, initial: number) =>
    ({ name: `bn.${field}`, node, field, dims: [2], offset, size: 2, initial }) as const;
  return {
    parameters,
    statistics: [statistic('mean', parameterSize, 0), statistic('variance', parameterSize + 2, 1)],
    parameterSize,
    statisticsOffset: parameterSize,
    statisticsSize: 4,
    moments: 1,
    momentOffsets: [parameterSize + 4],
    totalSize: 2 * parameterSize + 4,
  };
}

const size = 40_000;
const fan = { fanIn: 50, fanOut: 150 };
const NO_PARAMS = { initialDeviation: NaN, initialValue: NaN };

/** The initializer with a name, for a kernel with these fans. */
function named(name: string, { fanIn, fanOut } = fan): Initializer {
  const found = INITIALIZERS.find(({ value }) => value === name);
  if (!found) throw new Error(name);
  return found.draws({ fanIn, fanOut, rows: NaN, columns: NaN }, NO_PARAMS);
}

function drawn(init: Initializer): number[] {
  const layout = layoutOf([slot('a.weights', 0, size, init)]);
  const state = new Float64Array(layout.totalSize).fill(9);
  initializeState(layout, 1, state);
  return [...state.subarray(0, size)];
}
const mean = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
const deviation = (values: number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

describe('initializeState', () => {
  it.each([
    ['heNormal', 0.2, 0.2],
    ['lecunNormal', Math.sqrt(1 / 50), Math.sqrt(1 / 50)],
    ['xavierUniform', Math.sqrt(0.03), 0.1],
    ['torchUniform', Math.sqrt(1 / 50), Math.sqrt(1 / 150)],
    ['heUniform', Math.sqrt(6 / 50), 0.2],
    ['xavierNormal', 0.1, 0.1],
    ['lecunUniform', Math.sqrt(3 / 50), Math.sqrt(1 / 50)],
    ['tooSmall', 0.02, 0.02],
    ['tooLarge', 2, 2],
  ] as const)('draws %s with the scale of its source', (kind, scale, expected) => {
    const init = named(kind);
    const [, width] = Object.values(init);
    expect(width).toBeCloseTo(scale, 12);
    const values = drawn(init);
    expect(deviation(values) / expected).toBeCloseTo(1, 1);
    expect(values.reduce((sum, x) => sum + x, 0) / size / expected).toBeCloseTo(0, 1);
    if (kind.endsWith('Uniform')) expect(values.every((x) => Math.abs(x) <= scale)).toBe(true);
  });

  it('keeps the values that projects of version 0.1.0 began with, bit for bit', () => {
    const firstAndLast = (kind: string): number[] => {
      const layout = layoutOf([slot('conv1.weights', 0, 72, named(kind, { fanIn: 18, fanOut: 36 }))]);
      const state = new Float64Array(layout.totalSize);
      initializeState(layout, 7, state);
      return [state[0] ?? NaN, state[1] ?? NaN, state[71] ?? NaN];
    };
    expect(firstAndLast('heNormal')).toEqual([0.1361176220222755, 0.9486864376050272, -0.152436246541812]);
    expect(firstAndLast('xavierUniform')).toEqual([
      0.3226478370627577, -0.18178718164034594, 0.0918893312410646,
    ]);
    expect(firstAndLast('lecunNormal')).toEqual([
      0.09624969357093835, 0.6708226132502233, -0.10778870362833969,
    ]);
    expect(firstAndLast('torchUniform')).toEqual([
      0.22814647352224826, -0.1285429488706793, 0.06497556923925367,
    ]);
  });

  it('cuts a truncated normal at two deviations', () => {
    const values = drawn({ kind: 'truncatedNormal', deviation: 0.05 });
    expect(values.every((x) => Math.abs(x) <= 0.1)).toBe(true);
    expect(values.some((x) => Math.abs(x) > 0.095)).toBe(true);
    // Standard deviation of a normal distribution truncated at two deviations: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)) =
    // 0.87963.
    expect(deviation(values) / 0.05).toBeCloseTo(0.87963, 2);
    expect(mean(values) / 0.05).toBeCloseTo(0, 1);
  });

  it('has normal tails where they are not cut', () => {
    const values = drawn(named('xavierNormal')).map((x) => x / 0.1);
    const beyondTwo = values.filter((x) => Math.abs(x) > 2).length / size;
    expect(beyondTwo).toBeCloseTo(0.0455, 2);
    expect(mean(values.map((x) => x ** 4))).toBeCloseTo(3, 0);
  });

  it('sets constants, statistics and moments', () => {
    const layout = layoutOf([slot('a.weights', 0, 3, { kind: 'constant', value: 1.5 })]);
    const state = new Float32Array(layout.totalSize).fill(9);
    initializeState(layout, 1, state);
    expect([...state]).toEqual([1.5, 1.5, 1.5, 0, 0, 1, 1, 0, 0, 0]);
  });

  it('draws a parameter the same wherever it stands, and follows seed and name', () => {
    const init: Initializer = named('heNormal');
    const draw = (names: string[], seed: number) => {
      const layout = layoutOf(names.map((name, index) => slot(name, index * 8, 8, init)));
      const state = new Float64Array(layout.totalSize);
      initializeState(layout, seed, state);
      return names.map((_, index) => [...state.subarray(index * 8, index * 8 + 8)]);
    };
    const [a, b] = draw(['a.weights', 'b.weights'], 1);
    expect(draw(['b.weights', 'c.weights', 'a.weights'], 1)[2]).toEqual(a);
    expect(b).not.toEqual(a);
    expect(draw(['a.weights'], 2)[0]).not.toEqual(a);
  });
});
