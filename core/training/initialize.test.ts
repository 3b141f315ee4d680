import { describe, expect, it } from 'vitest';
import { toNodeId } from '../document/ids.ts';
import type { Initializer, ParameterSlot, StateLayout } from '../program/stateLayout.ts';
import { initializerScale, initializeState } from './initialize.ts';

function slot(name: string, offset: number, size: number, init: Initializer): ParameterSlot {
  const node = toNodeId(name.split('.')[0] ?? '');
  return { name, node, field: 'weights', dims: [size], offset, size, init, trainable: true, decayed: true };
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

function drawn(init: Initializer): number[] {
  const layout = layoutOf([slot('a.weights', 0, size, init)]);
  const state = new Float64Array(layout.totalSize).fill(9);
  initializeState(layout, 1, state);
  return [...state.subarray(0, size)];
}
const deviation = (values: number[]) => Math.sqrt(values.reduce((sum, x) => sum + x * x, 0) / values.length);

describe('initializeState', () => {
  it.each([
    ['heNormal', 0.2, 0.2],
    ['lecunNormal', Math.sqrt(1 / 50), Math.sqrt(1 / 50)],
    ['xavierUniform', Math.sqrt(0.03), 0.1],
    ['torchUniform', Math.sqrt(1 / 50), Math.sqrt(1 / 150)],
  ] as const)('draws %s with the scale of its source', (kind, scale, expected) => {
    expect(initializerScale({ kind, ...fan })).toBeCloseTo(scale, 12);
    const values = drawn({ kind, ...fan });
    expect(deviation(values) / expected).toBeCloseTo(1, 1);
    expect(values.reduce((sum, x) => sum + x, 0) / size / expected).toBeCloseTo(0, 1);
    if (kind.endsWith('Uniform')) expect(values.every((x) => Math.abs(x) <= scale)).toBe(true);
  });

  it('sets constants, statistics and moments', () => {
    const layout = layoutOf([slot('a.weights', 0, 3, { kind: 'constant', value: 1.5 })]);
    const state = new Float32Array(layout.totalSize).fill(9);
    initializeState(layout, 1, state);
    expect([...state]).toEqual([1.5, 1.5, 1.5, 0, 0, 1, 1, 0, 0, 0]);
  });

  it('draws a parameter the same wherever it stands, and follows seed and name', () => {
    const init: Initializer = { kind: 'heNormal', ...fan };
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
