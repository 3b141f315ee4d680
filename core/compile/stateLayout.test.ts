import { describe, expect, it } from 'vitest';
import { chain, network } from '../conformance/networks.ts';
import { PLAIN_SGD } from '../conformance/experiment.ts';
import { defaultTrainingSettings } from '../document/trainingSettings.ts';
import { planOf } from '../optimizers/registry.ts';
import { optimizerPlanOf } from './optimizerPlan.ts';
import { buildStateLayout } from './stateLayout.ts';

const graph = network(
  [3, 4, 4],
  chain(
    ['conv2d', { filters: 5, kernel: 3 }],
    ['batchNorm', { trainGamma: false }],
    ['conv2d', { filters: 2, kernel: 1, bias: false }],
    ['batchNorm'],
  ),
);
const ADAM = planOf({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l1: 0, l2: 0 });

describe('buildStateLayout', () => {
  const layout = buildStateLayout(graph, ADAM);

  it('places parameters, statistics and moments without gaps', () => {
    const ends = [...layout.parameters, ...layout.statistics].map(({ offset, size }) => offset + size);
    const starts = [...layout.parameters, ...layout.statistics].map(({ offset }) => offset);
    expect(starts).toEqual([0, ...ends.slice(0, -1)]);
    expect(layout.parameterSize).toBe(graph.parameterCount);
    expect(layout.statisticsOffset).toBe(layout.parameterSize);
    expect(layout.statisticsSize).toBe(2 * 5 + 2 * 2);
    const moments = layout.statisticsOffset + layout.statisticsSize;
    expect(layout.momentOffsets).toEqual([moments, moments + layout.parameterSize]);
    expect(layout.totalSize).toBe(moments + 2 * layout.parameterSize);
  });

  it('names slots after their blocks, in topological order', () => {
    expect(layout.parameters.map(({ name }) => name)).toEqual([
      'conv2d1.weights',
      'conv2d1.bias',
      'batchNorm1.gamma',
      'batchNorm1.beta',
      'conv2d2.weights',
      'batchNorm2.gamma',
      'batchNorm2.beta',
      'logits.weights',
      'logits.bias',
    ]);
    expect(layout.statistics.map(({ name, initial }) => [name, initial])).toEqual([
      ['batchNorm1.mean', 0],
      ['batchNorm1.variance', 1],
      ['batchNorm2.mean', 0],
      ['batchNorm2.variance', 1],
    ]);
  });

  it('marks what is trained and what decays', () => {
    const named = (flag: 'trainable' | 'decayed', value: boolean): string[] =>
      layout.parameters.filter((slot) => slot[flag] === value).map(({ name }) => name);
    expect(named('trainable', false)).toEqual(['batchNorm1.gamma']);
    expect(named('decayed', true)).toEqual(['conv2d1.weights', 'conv2d2.weights', 'logits.weights']);
  });

  it('has no moments for plain SGD', () => {
    const plain = buildStateLayout(graph, PLAIN_SGD);
    expect(plain.momentOffsets).toEqual([]);
    expect(plain.totalSize).toBe(plain.parameterSize + plain.statisticsSize);
  });
});

describe('optimizerPlanOf', () => {
  const settings = { ...defaultTrainingSettings(), l1: 0.1, l2: 0.2 };
  it('takes the coefficients and the decays', () => {
    expect(optimizerPlanOf(settings)).toEqual({
      kind: 'sgd',
      moments: ['momentum'],
      coefficients: { momentum: 0.9, nesterov: false },
      l1: 0.1,
      l2: 0.2,
    });
    const coefficients = { beta1: 0.8, beta2: 0.99, epsilon: 1e-6 } as const;
    expect(optimizerPlanOf({ ...settings, optimizer: { kind: 'adamw', ...coefficients } })).toEqual({
      kind: 'adamw',
      moments: ['mean', 'meanSquare'],
      coefficients,
      l1: 0.1,
      l2: 0.2,
    });
  });
});
