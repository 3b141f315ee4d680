import { describe, expect, it } from 'vitest';
import type { GraphDocument } from '../document/schema.ts';
import { endpoint } from '../document/endpoint.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import { CARD } from '../layout/card.ts';
import { tinyDocument } from '../training/testing/tinyRun.ts';
import { compareModels } from './compareModels.ts';
import { mergeGraphs, type MergedGraph } from './mergeGraphs.ts';
import { placeMerged } from './placeMerged.ts';
import { networkOf, renamed, withParams, withValues } from './testing/networks.ts';

const document = tinyDocument();
const tiny = networkOf(document);

async function merge(a: typeof tiny, b: typeof tiny): Promise<MergedGraph> {
  return mergeGraphs(a.network.graph, b.network.graph, await compareModels(a, b));
}

const wordsOf = ({ wires }: MergedGraph): string[] =>
  wires.map(({ state, from, to }) => `${state} ${from.block}.${from.port} ${to.block}.${to.port}`);
const stateOf = ({ blocks }: MergedGraph, id: string) => blocks.find((block) => block.id === id)?.state;

/** The document without a block of one input: its followers are wired to its source. */
function without(from: GraphDocument, id: string): GraphDocument {
  const gone = toNodeId(id);
  const { [gone]: _, ...nodes } = from.graph.nodes;
  const source = from.graph.wires[endpoint(gone, 'in')];
  const wires = Object.entries(from.graph.wires)
    .filter(([to]) => to !== `${id}.in`)
    .map(([to, out]) => [to, out === `${id}.out` ? source : out]);
  return { ...from, graph: { nodes, wires: Object.fromEntries(wires) as typeof from.graph.wires } };
}

describe('the merged graph', () => {
  it('of a network and itself has every block and wire once, unchanged', async () => {
    const merged = await merge(tiny, tiny);
    expect(merged.blocks.map(({ id }) => id)).toEqual(tiny.network.graph.order.map(({ id }) => id));
    expect(new Set([...merged.blocks, ...merged.wires].map(({ state }) => state))).toEqual(new Set(['same']));
    expect(merged.wires.length).toBe(Object.keys(document.graph.wires).length);
    expect(merged.blocks.find(({ id }) => id === 'conv1')?.weights).toMatchObject({ kind: 'equal' });
  });

  it('marks parameters and shapes that differ, and how far weights are apart', async () => {
    const wider = await merge(tiny, networkOf(withParams(document, 'conv1', { filters: 6 })));
    expect(wider.blocks.find(({ id }) => id === 'conv1')).toMatchObject({
      ...{ state: 'changed', otherKind: null, params: [{ name: 'filters', a: 4, b: 6 }] },
      weights: { kind: 'shape', tensors: 1, differing: 1 },
    });
    // The BatchNorm has other channels without another setting.
    expect(wider.blocks.find(({ id }) => id === 'bn1')).toMatchObject({ state: 'changed', params: [] });
    const moved = await merge(
      withValues(tiny, 'dense1.bias', { 0: 4 }),
      withValues(tiny, 'dense1.bias', { 0: 5 }),
    );
    expect(moved.blocks.find(({ id }) => id === 'dense1')).toMatchObject({
      state: 'same',
      weights: { kind: 'differ', tensors: 2, differing: 1, relative: 0.2, notFinite: 0 },
    });
  });

  it('has blocks and wires of one network only', async () => {
    const shorter = networkOf(without(document, 'relu1'));
    const removed = await merge(tiny, shorter);
    expect(stateOf(removed, 'relu1')).toBe('onlyA');
    expect(wordsOf(removed).filter((wire) => !wire.startsWith('same')).length).toBe(3);
    expect(wordsOf(removed)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^onlyA \w+\.out relu1\.in$/),
        expect.stringMatching(/^onlyA relu1\.out \w+\.in$/),
        expect.stringMatching(/^onlyB \w+\.out \w+\.in$/),
      ]),
    );
    const added = await merge(shorter, tiny);
    expect(stateOf(added, 'relu1')).toBe('onlyB');
  });

  it('gives blocks of B alone an id of their own', async () => {
    const swapped = renamed(without(document, 'relu1'), (id) => (id === 'drop1' ? 'relu1' : id));
    const merged = await merge(tiny, networkOf(swapped));
    const ids = merged.blocks.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { from, to } of merged.wires)
      expect(ids).toEqual(expect.arrayContaining([from.block, to.block]));
  });

  it('is drawn without cards on each other, every wire from port to port, also where it has a cycle', async () => {
    // relu1 and drop1 change places: with both sets of wires they form a cycle.
    const turned = renamed(document, (id) => ({ relu1: 'drop1', drop1: 'relu1' })[String(id)] ?? id);
    const kinds = { ...turned.graph.nodes };
    const [relu, drop] = [toNodeId('relu1'), toNodeId('drop1')];
    Object.assign(kinds, { [relu]: document.graph.nodes[relu], [drop]: document.graph.nodes[drop] });
    const other = networkOf({ ...turned, graph: { ...turned.graph, nodes: kinds } });
    const merged = await merge(tiny, other);
    expect(wordsOf(merged).filter((wire) => !wire.startsWith('same')).length).toBeGreaterThan(3);
    const { corners, routes } = placeMerged(merged);
    const places = [...corners.values()];
    expect(places.length).toBe(merged.blocks.length);
    places.forEach((one, index) => {
      for (const next of places.slice(index + 1))
        expect(Math.abs(one.x - next.x) >= CARD.width || Math.abs(one.y - next.y) >= CARD.height).toBe(true);
    });
    merged.wires.forEach(({ from, to }, index) => {
      const route = routes[index] ?? [];
      expect(route[0]?.y).toBe((corners.get(from.block)?.y ?? NaN) + CARD.height);
      expect(route.at(-1)?.y).toBe(corners.get(to.block)?.y);
    });
  });
});
