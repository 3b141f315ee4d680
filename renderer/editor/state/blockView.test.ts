import { describe, expect, it } from 'vitest';
import { toNodeId } from '#core/diagnostics/ids.ts';
import type { Graph } from '#core/document/schema.ts';
import { applyCommand } from '#core/edit/applyCommand.ts';
import { checkGraph } from '#core/graph/checkGraph.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { blockViews } from './blockView.ts';

const network = instantiateTemplate('mnist-cnn-bn');
const bn = toNodeId('bn1');
const viewsOf = (graph: Graph) => blockViews(graph, checkGraph(graph));

describe('blockViews', () => {
  it('show shape, trained values and stored statistics', () => {
    const views = viewsOf(network.graph);
    expect(views.get(bn)).toMatchObject({
      shape: [32, 28, 28],
      parameterCount: 64,
      statisticCount: 64,
      isFrozen: false,
      severity: null,
    });
    expect(views.get(toNodeId('conv1'))?.summary).toContain(32);
  });

  it.each([
    ['frozen', true],
    ['kerasFrozen', true],
    ['caffeGlobalStats', false],
    ['train', false],
  ] as const)('with preset %s, frozen is %s', (preset, isFrozen) => {
    const result = applyCommand(network, { type: 'setBatchNormPreset', nodes: [bn], preset });
    if (!result.ok) throw new Error(inEnglish(result.reason));
    expect(viewsOf(result.document.graph).get(bn)?.isFrozen).toBe(isFrozen);
  });

  it('show a frozen convolution as they show a frozen BatchNorm', () => {
    const conv = toNodeId('conv1');
    const result = applyCommand(network, { type: 'setFrozen', nodes: [conv, bn], frozen: true });
    if (!result.ok) throw new Error(inEnglish(result.reason));
    const views = viewsOf(result.document.graph);
    expect([conv, bn, toNodeId('dense1')].map((id) => views.get(id)?.isFrozen)).toEqual([true, true, false]);
  });

  it('carry a block’s problems and the gravest of them', () => {
    const { 'bn1.in': _gone, ...wires } = network.graph.wires as Record<string, string>;
    const graph = { ...network.graph, wires } as Graph;
    const view = viewsOf(graph).get(bn);
    expect(view?.severity).toBe('error');
    expect(view?.diagnostics.some(({ code }) => code === 'wire-missing')).toBe(true);
    expect(view?.shape).toBeNull();
  });

  it('are the very same for blocks that are as they were, and new for every other', () => {
    const before = viewsOf(network.graph);
    const result = applyCommand(network, { type: 'setParam', node: bn, param: 'decay', value: 0.1 });
    if (!result.ok) throw new Error(inEnglish(result.reason));
    const { graph } = result.document;
    const after = blockViews(graph, checkGraph(graph), before);
    expect(after).toEqual(viewsOf(graph));
    const renewed = [...after].filter(([id, view]) => view !== before.get(id)).map(([id]) => id);
    expect(renewed).toEqual([bn]);
    const wider = applyCommand(network, {
      type: 'setParam',
      node: toNodeId('conv1'),
      param: 'filters',
      value: 5,
    });
    if (!wider.ok) throw new Error(inEnglish(wider.reason));
    const grown = blockViews(wider.document.graph, checkGraph(wider.document.graph), before);
    expect(grown).toEqual(viewsOf(wider.document.graph));
    expect(grown.get(bn)?.shape).toEqual([5, 28, 28]);
  });

  it('keep a block of an unknown kind, with the ports that its wires use', () => {
    const graph = {
      nodes: { ...network.graph.nodes, odd: { kind: 'fromTheFuture', params: {} } },
      wires: { ...network.graph.wires, 'odd.side': 'conv1.out' },
    } as Graph;
    expect(viewsOf(graph).get(toNodeId('odd'))).toMatchObject({
      definition: undefined,
      inputs: ['side'],
      outputs: [],
      severity: 'warning',
    });
  });
});
