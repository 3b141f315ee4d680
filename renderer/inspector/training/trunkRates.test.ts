import { describe, expect, it } from 'vitest';
import { setWhatTrains } from '#core/rewrites/whatTrains.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { trunkRatesOf } from './trunkRates.ts';

const { graph } = instantiateTemplate('vgg-bn');

describe('trunkRatesOf', () => {
  it('reads back what was set', () => {
    expect(trunkRatesOf(graph)).toEqual({ head: 1, trunk: 1, decay: 1 });
    for (const rates of [
      { headRate: 1, trunkRate: 0.1, layerDecay: 1 },
      { headRate: 2, trunkRate: 0.3, layerDecay: 0.65 },
    ]) {
      const { headRate: head, trunkRate: trunk, layerDecay: decay } = rates;
      expect(trunkRatesOf(setWhatTrains(graph, 'all', rates))).toEqual({ head, trunk, decay });
    }
  });

  it('has no decay where stages differ in another way', () => {
    const uneven = Object.entries(setWhatTrains(graph, 'all', { trunkRate: 0.1 }).nodes);
    const [first] = uneven.filter(([, { kind }]) => kind === 'conv2d');
    const [id, node] = first ?? [];
    if (id === undefined || node === undefined) throw new Error('no convolution');
    const params = { ...node.params, rateFactor: 0.7 };
    const nodes = { ...Object.fromEntries(uneven), [id]: { ...node, params } };
    expect(trunkRatesOf({ ...graph, nodes }).decay).toBeNull();
  });
});
