import { describe, expect, it } from 'vitest';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { isOfNetwork } from './useLiveNorms.ts';

describe('isOfNetwork', () => {
  const { graph } = instantiateTemplate('bn-mlp');
  const own = Object.keys(graph.nodes).filter((id) => graph.nodes[id as never]?.['kind'] === 'batchNorm');
  const readings = (ids: readonly string[]) => new Map(ids.map((id) => [id, 0.1]));

  it('holds for the readings of the network itself', () => {
    expect(own.length).toBeGreaterThan(1);
    expect(isOfNetwork(readings(own), graph)).toBe(true);
  });

  it('fails for those of a network with other, fewer or more blocks', () => {
    expect(isOfNetwork(readings(own.slice(1)), graph)).toBe(false);
    expect(isOfNetwork(readings([...own, 'bn99']), graph)).toBe(false);
    expect(isOfNetwork(readings([...own.slice(1), 'bn99']), graph)).toBe(false);
  });
});
