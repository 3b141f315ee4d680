import { describe, expect, it } from 'vitest';
import { balancedWeights, lossPlanOf } from '../compile/lossPlan.ts';
import { networkGraph } from '../conformance/networks.ts';
import { defaultTrainingSettings, type TrainingSettings } from '../document/trainingSettings.ts';
import { checkGraph } from './checkGraph.ts';
import { checkTraining } from '../training/checkTraining.ts';

function codes(units: number, settings: Partial<TrainingSettings>): string[] {
  const graph = networkGraph([1, 3, 3], (_, input) => input, units);
  const { diagnostics } = checkGraph(graph, { ...defaultTrainingSettings(), ...settings });
  return diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);
}

describe('checkLoss', () => {
  it.each([
    [{ kind: 'crossEntropy' }, ['loss-outputs']],
    [{ kind: 'mse' }, ['loss-outputs']],
    [{ kind: 'binaryCrossEntropy' }, []],
    [{ kind: 'focal', gamma: 2, alpha: 0.25 }, []],
  ] as const)('of a single number: %j gives %j', (loss, expected) => {
    expect(codes(1, { loss })).toEqual(expected);
    expect(codes(3, { loss })).toEqual([]);
  });
  it('wants one weight for each class, two of them over a single number', () => {
    expect(codes(3, { classWeights: [1, 2] })).toEqual(['class-weights']);
    expect(codes(3, { classWeights: [1, 2, 3] })).toEqual([]);
    expect(codes(1, { loss: { kind: 'binaryCrossEntropy' }, classWeights: [1, 2] })).toEqual([]);
  });
  it('warns of BatchNorm under gathered batches, and only then', () => {
    const graph = networkGraph([1, 3, 3], (add, input) => add('batchNorm', [input]));
    const shaped = checkGraph(graph).graph;
    const found = (accumulate: number): unknown =>
      shaped &&
      checkTraining(shaped, { ...defaultTrainingSettings(), accumulate }, { images: 100, classes: 3 });
    expect(found(1)).toEqual([]);
    expect(found(4)).toMatchObject([{ code: 'accumulated-norm', severity: 'warning' }]);
  });
});

describe('class weights', () => {
  it('are balanced so that every class weighs the same in an epoch', () => {
    const counts = [10, 30, 60];
    const weights = balancedWeights(counts);
    expect(counts.map((count, k) => count * (weights[k] ?? NaN))).toEqual([
      expect.closeTo(100 / 3, 10),
      expect.closeTo(100 / 3, 10),
      expect.closeTo(100 / 3, 10),
    ]);
    expect(balancedWeights([5, 0, 5])).toEqual([1, 1, 1]);
  });
  it('are left out where the counts are not known', () => {
    const settings = { ...defaultTrainingSettings(), classWeights: 'balanced' } as const;
    expect(lossPlanOf(settings, null).classWeights).toBeNull();
    expect(lossPlanOf(settings, [1, 3]).classWeights).toEqual([2, 2 / 3]);
  });
});
