import { describe, expect, it } from 'vitest';
import { buildStateLayout } from '../compile/stateLayout.ts';
import { must } from '../diagnostics/invariantError.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import type { Graph } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { BATCH_NORM_POLICIES, switchesOf } from '../nodes/batchNormPolicies.ts';
import { isFrozenBlock } from '../nodes/frozen.ts';
import { planOf } from '../optimizers/registry.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { batchNormPolicyOf, setBatchNormPolicy, trunkNorms } from './batchNormPolicy.ts';
import { partsOf, stagesOf } from './trunk.ts';
import { canFreeze, ratesOf, setFrozen, setWhatTrains, WHAT_TRAINS, whatTrainsOf } from './whatTrains.ts';

const resnet = instantiateTemplate('resnet20').graph;
const SGD = planOf({ kind: 'sgd', momentum: 0, nesterov: false, l1: 0, l2: 0 });

/** The names of trained weights, and their factors. */
function trained(graph: Graph): ReadonlyMap<string, number> {
  const shaped = must(checkGraph(graph).graph, 'network without errors');
  return new Map(
    buildStateLayout(shaped, SGD)
      .parameters.filter((slot) => slot.trainable)
      .map(({ name, rateFactor }) => [name, rateFactor]),
  );
}

describe('setWhatTrains', () => {
  it('head: only the weights of the last layer', () => {
    const graph = setBatchNormPolicy(setWhatTrains(resnet, 'head'), 'frozen');
    expect([...trained(graph).keys()]).toEqual(['dense1.weights', 'dense1.bias']);
    expect(whatTrainsOf(graph)).toBe('head');
    const blocks = partsOf(graph).trunk.filter((id) => canFreeze(graph, id));
    expect(blocks.every((id) => isFrozenBlock(must(graph.nodes[id], id)))).toBe(true);
    expect(blocks.length).toBeGreaterThan(30);
  });

  it('last stage: the weights at the size of the last feature map, and the head', () => {
    const graph = setWhatTrains(resnet, 'last-stage');
    const last = stagesOf(graph).at(-1)?.blocks ?? [];
    const convs = [...trained(graph).keys()].filter((name) => name.endsWith('.weights'));
    expect(new Set(convs)).toEqual(
      new Set([
        ...last.filter((id) => graph.nodes[id]?.kind === 'conv2d').map((id) => `${id}.weights`),
        'dense1.weights',
      ]),
    );
    expect(whatTrainsOf(graph)).toBe('last-stage');
  });

  it('all of a network that trains all changes nothing, and comes back from every choice', () => {
    expect(setWhatTrains(resnet, 'all')).toBe(resnet);
    for (const what of WHAT_TRAINS) {
      const graph = setWhatTrains(resnet, what, { trunkRate: 0.3, layerDecay: 0.5 });
      expect(whatTrainsOf(graph)).toBe(what);
      expect(setWhatTrains(graph, 'all')).toEqual(resnet);
    }
  });

  it('gives the head, each stage and its BatchNorm blocks their rates', () => {
    const rates = { headRate: 2, trunkRate: 0.1, layerDecay: 0.5 };
    const graph = setWhatTrains(resnet, 'all', rates);
    expect(ratesOf(graph)).toEqual({ head: 2, stages: [0.025, 0.05, 0.1] });
    const byName = trained(graph);
    stagesOf(graph).forEach(({ blocks }, index) => {
      const factors = [...byName].filter(([name]) => blocks.some((id) => name.startsWith(`${id}.`)));
      expect(new Set(factors.map(([, factor]) => factor))).toEqual(new Set([[0.025, 0.05, 0.1][index]]));
      expect(factors.some(([name]) => name.endsWith('.gamma'))).toBe(true);
    });
    expect(ratesOf(setWhatTrains(resnet, 'all', { layerDecay: 0.5 }))).toEqual({
      head: 1,
      stages: [0.125, 0.25, 0.5],
    });
    expect(ratesOf(setWhatTrains(resnet, 'last-stage', rates)).stages).toEqual([1, 1, 0.1]);
  });

  it('writes only factors that the blocks accept', () => {
    const graph = setWhatTrains(resnet, 'all', { layerDecay: 1e-8, headRate: 1e9 });
    expect(checkGraph(graph).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('is custom where blocks were frozen one by one', () => {
    const [first, second] = partsOf(resnet).trunk.filter((id) => resnet.nodes[id]?.kind === 'conv2d');
    const graph = setFrozen(resnet, [must(first, 'conv')], true);
    expect(whatTrainsOf(graph)).toBe('custom');
    expect(ratesOf(setWhatTrains(resnet, 'all', { trunkRate: 0.2 })).stages).toEqual([0.2, 0.2, 0.2]);
    expect(whatTrainsOf(setFrozen(resnet, [toNodeId('dense1'), must(second, 'conv')], true))).toBe('custom');
  });
});

describe('the BatchNorm policy of the trunk', () => {
  it.each(BATCH_NORM_POLICIES)('%s sets every BatchNorm before the head, and is read back', (policy) => {
    const graph = setBatchNormPolicy(resnet, policy);
    expect(batchNormPolicyOf(graph)).toBe(policy);
    expect(trunkNorms(graph)).toHaveLength(21);
    for (const id of trunkNorms(graph)) expect(graph.nodes[id]?.params).toMatchObject(switchesOf(policy));
    expect(setBatchNormPolicy(graph, policy)).toBe(graph);
    expect(setBatchNormPolicy(graph, 'all')).toEqual(resnet);
  });

  it('is custom where the blocks differ, null without blocks, and can be set for some', () => {
    const [first] = trunkNorms(resnet);
    const graph = setBatchNormPolicy(resnet, 'adapt', [must(first, 'norm'), toNodeId('dense1')]);
    expect(batchNormPolicyOf(graph)).toBe('custom');
    expect(graph.nodes[toNodeId('dense1')]).toBe(resnet.nodes[toNodeId('dense1')]);
    expect(batchNormPolicyOf({ nodes: {}, wires: {} })).toBeNull();
  });
});

describe('setFrozen', () => {
  it('freezes weights and BatchNorm blocks alike, and lets them train again', () => {
    const ids = partsOf(resnet).trunk;
    const frozen = setFrozen(resnet, ids, true);
    expect([...trained(frozen).keys()]).toEqual(['dense1.weights', 'dense1.bias']);
    expect(setFrozen(frozen, ids, false)).toEqual(resnet);
    expect(setFrozen(frozen, ids, true)).toBe(frozen);
  });

  it('leaves the switches of a BatchNorm that trains already', () => {
    const [norm = toNodeId('x')] = trunkNorms(resnet);
    const graph = setBatchNormPolicy(resnet, 'affine', [norm]);
    expect(setFrozen(graph, [norm], false)).toBe(graph);
  });
});
