import { describe, expect, it } from 'vitest';
import type { Comparable } from '../compare/comparable.ts';
import { compareModels } from '../compare/compareModels.ts';
import { networkOf, renamed, vector, withParams, withValues } from '../compare/testing/networks.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { tinyDocument } from '../training/testing/tinyRun.ts';
import { COMPARISON_LIMITS, comparisonSchema, type Comparison } from './comparison.ts';
import { comparisonOf } from './comparisonOf.ts';

const document = tinyDocument();
const tiny = networkOf(document);

async function compare(a: Comparable, b: Comparable): Promise<Comparison> {
  const side = (name: string, model: Comparable) => ({
    ...{ name, format: 'normlab', architecture: null, model, notes: [] },
  });
  const found = comparisonOf(side('a', a), side('b', b), await compareModels(a, b));
  // What the screen gets is what was sent.
  expect(comparisonSchema.parse(JSON.parse(JSON.stringify(found)))).toEqual(
    JSON.parse(JSON.stringify(found)),
  );
  return found;
}

describe('the comparison for the screen', () => {
  it('has the tensors of BatchNorm first, then the largest relative difference', async () => {
    const other = withValues(withValues(tiny, 'dense1.bias', { 0: 9 }), 'bn1.beta', { 0: 2 });
    const { tensors, differing } = await compare(withValues(tiny, 'dense1.bias', { 0: 1 }), other);
    expect(differing).toBe(2);
    expect(tensors.rows.slice(0, 4).every(({ ofBatchNorm }) => ofBatchNorm)).toBe(true);
    expect(tensors.rows[0]).toMatchObject({ a: 'bn1.beta', block: 'bn1' });
    expect(tensors.rows[4]).toMatchObject({ a: 'dense1.bias', block: 'dense1', isEqual: false });
  });

  it('links every row of an aligned network to its block', async () => {
    const other = renamed(withParams(document, 'conv1', { filters: 6 }), (id) =>
      id === 'bn1' ? 'norm' : id,
    );
    const { unpaired, changes, batchNorm, graph } = await compare(tiny, networkOf(other));
    const ids = graph?.kind === 'drawn' ? graph.blocks.map(({ id }) => String(id)) : [];
    for (const { block } of [...unpaired.rows, ...changes.rows, ...batchNorm.rows])
      expect(ids).toContain(block);
    expect(changes.rows[0]).toMatchObject({ block: 'conv1', what: 'param', name: 'filters', a: 4, b: 6 });
    expect(unpaired.rows[0]).toMatchObject({ block: 'conv1', dimsA: [4, 1, 3, 3], dimsB: [6, 1, 3, 3] });
  });

  it('is bounded for 20,000 tensors with long names and many dimensions', async () => {
    const of = (from: number, value: number): Comparable => ({
      kind: 'tensors',
      tensors: Array.from({ length: 20_000 }, (_, index) => ({
        ...vector(`${'name'.repeat(200)}${from + index}`, value, index),
        dims: Array.from({ length: 40 }, (__, at) => (at === 0 ? 2 : 1)),
      })),
    });
    const found = await compare(of(0, 1), of(15_000, 2));
    expect(found.tensors.rows.length).toBe(COMPARISON_LIMITS.tensors);
    expect([found.tensors.total, found.differing]).toEqual([5_000, 5_000]);
    expect([found.unpaired.rows.length, found.unpaired.total]).toEqual([COMPARISON_LIMITS.unpaired, 30_000]);
    expect(found.tensors.rows[0]?.a.length).toBeLessThanOrEqual(COMPARISON_LIMITS.name);
    // The end of a name tells tensors apart.
    expect(new Set(found.tensors.rows.map(({ a }) => a)).size).toBe(COMPARISON_LIMITS.tensors);
    expect(JSON.stringify(found).length).toBeLessThan(4 * 2 ** 20);
  });

  it('draws a network of a few hundred blocks within the limits of a message', async () => {
    const dense = instantiateTemplate('densenet121');
    const found = await compare(networkOf(dense), networkOf(withParams(dense, 'output', {})));
    expect(found.graph?.kind).toBe('drawn');
    expect(found.isEqual).toBe(true);
    expect(JSON.stringify(found).length).toBeLessThan(4 * 2 ** 20);
  }, 60_000);
});
