import { describe, expect, it } from 'vitest';
import { batchNormLayers } from '#core/batchnorm/layers.ts';
import { compile } from '#core/compile/compile.ts';
import { chain, network } from '#core/conformance/networks.ts';
import { PLAIN_SGD } from '#core/conformance/experiment.ts';
import { passesFor } from './recalibrateModel.ts';

describe('passesFor', () => {
  const passes = (...norms: readonly Record<string, string | boolean>[]): string[][] => {
    const graph = network([1, 4, 4], chain(...norms.map((params) => ['batchNorm', params] as const)));
    const program = compile(graph, {
      mode: 'calibrate',
      input: { type: 'f32' },
      optimizer: PLAIN_SGD,
      labelSmoothing: 0,
    });
    return passesFor(batchNormLayers(program)).map((layers) => layers.map(({ node }) => node));
  };
  const stored = { normalizeBy: 'stored' };
  const frozen = { normalizeBy: 'stored', updateStatistics: false };

  it('is one for blocks that normalize by their batch', () => {
    expect(passes({}, {}, {})).toEqual([['batchNorm1', 'batchNorm2', 'batchNorm3']]);
  });
  it('is one for each block that leans on what is stored, in order, and one for the others', () => {
    expect(passes(stored, {}, { renorm: true }, frozen, {})).toEqual([
      ['batchNorm1'],
      ['batchNorm3'],
      ['batchNorm2', 'batchNorm5'],
    ]);
    expect(passes(stored, stored)).toEqual([['batchNorm1'], ['batchNorm2']]);
  });
});
