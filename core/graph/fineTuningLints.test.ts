import { describe, expect, it } from 'vitest';
import { toNodeId } from '../diagnostics/ids.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { Graph, ParamValue } from '../document/schema.ts';
import { setBatchNormPolicy, trunkNorms } from '../rewrites/batchNormPolicy.ts';
import { withParam } from '../rewrites/graphEdits.ts';
import { partsOf } from '../rewrites/trunk.ts';
import { setFrozen, setWhatTrains } from '../rewrites/whatTrains.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { checkGraph } from './checkGraph.ts';

const resnet = instantiateTemplate('resnet20').graph;
const vgg = instantiateTemplate('vgg-bn').graph;

function found(graph: Graph, code: string): string[] {
  return checkGraph(graph)
    .diagnostics.filter((each) => each.code === code)
    .map(({ severity, nodeId, param }) => `${severity} ${nodeId ?? '-'} ${param ?? '-'}`);
}

function withFixes(graph: Graph, code: string): Graph {
  return checkGraph(graph)
    .diagnostics.filter((each) => each.code === code)
    .reduce((result, { fix }) => (fix ? withParam(result, fix.nodeId, fix.param, fix.value) : result), graph);
}

function withParamAt(graph: Graph, node: string, param: string, value: ParamValue): Graph {
  return withParam(graph, toNodeId(node), param, value);
}

describe('frozen weights beside moving statistics', () => {
  const code = 'lint-frozen-moving';

  it('are found at every BatchNorm of a frozen trunk, until each is frozen too', () => {
    const frozen = setWhatTrains(resnet, 'head');
    const first = found(frozen, code);
    expect(first).toHaveLength(trunkNorms(frozen).length);
    expect(first).toContain('warning bn1 normalizeBy');
    // The first fix of a block lets it normalize by its running statistics, the second keeps them.
    const stored = withFixes(frozen, code);
    expect(found(stored, code)).toContain('warning bn1 updateStatistics');
    expect(found(withFixes(stored, code), code)).toEqual([]);
    expect(found(setBatchNormPolicy(frozen, 'frozen'), code)).toEqual([]);
    expect(found(setBatchNormPolicy(frozen, 'affine'), code)).toEqual([]);
  });

  it('are a hint where the statistics are meant to adapt', () => {
    const adapting = setBatchNormPolicy(setWhatTrains(vgg, 'head'), 'adapt');
    expect(new Set(found(adapting, code).map((line) => line.split(' ')[0]))).toEqual(new Set(['hint']));
  });

  it('are found where the norm and its activation come first', () => {
    const [first, second] = partsOf(vgg).trunk.filter((id) => vgg.nodes[id]?.kind === 'conv2d');
    const graph = setFrozen(vgg, [must(second, 'second convolution')], true);
    expect(found(graph, code)).toEqual(['warning bn1 normalizeBy', 'warning bn2 normalizeBy']);
    expect(found(setFrozen(vgg, [must(first, 'first convolution')], true), code)).toEqual([
      'warning bn1 normalizeBy',
    ]);
    expect(found(vgg, code)).toEqual([]);
  });
});

describe('values of another framework', () => {
  const code = 'lint-norm-family';

  it.each([
    ['epsilon', 1e-3],
    ['decay', 0.99],
  ] as const)('%s of one block among many is noticed and repaired', (param, value) => {
    const graph = withParamAt(vgg, 'bn3', param, value);
    expect(found(graph, code)).toEqual([`hint bn3 ${param}`]);
    expect(withFixes(graph, code)).toEqual(vgg);
  });

  it('say nothing where all agree, where no value prevails, or where decay has no effect', () => {
    const all = trunkNorms(vgg).reduce((graph, id) => withParam(graph, id, 'epsilon', 1e-3), vgg);
    expect(found(all, code)).toEqual([]);
    expect(
      found(withParamAt(withParamAt(vgg, 'bn1', 'epsilon', 1e-3), 'bn2', 'epsilon', 1e-3), code),
    ).toEqual([]);
    expect(
      found(withParamAt(withParamAt(vgg, 'bn1', 'decay', 0.99), 'bn1', 'averaging', 'cumulative'), code),
    ).toEqual([]);
  });
});

describe('a factor of the learning rate', () => {
  it('is idle at a frozen block, and can be reset', () => {
    const graph = withParamAt(withParamAt(vgg, 'conv1', 'rateFactor', 0.1), 'conv1', 'trainWeights', false);
    expect(found(graph, 'lint-idle-rate')).toEqual(['hint conv1 rateFactor']);
    expect(found(withFixes(graph, 'lint-idle-rate'), 'lint-idle-rate')).toEqual([]);
    expect(found(withParamAt(vgg, 'conv1', 'rateFactor', 0.1), 'lint-idle-rate')).toEqual([]);
    const rated = setWhatTrains(vgg, 'last-stage', { trunkRate: 0.1, layerDecay: 0.5 });
    expect(found(rated, 'lint-idle-rate')).toEqual([]);
  });
});

describe('a network in which everything is frozen', () => {
  it('cannot be trained, and the repair trains its head', () => {
    const whole = setFrozen(vgg, [...partsOf(vgg).trunk, ...partsOf(vgg).head], true);
    expect(found(whole, 'nothing-trains')).toEqual(['error dense1 trainWeights']);
    expect(checkGraph(whole).graph).toBeNull();
    expect(checkGraph(withFixes(whole, 'nothing-trains')).graph).not.toBeNull();
  });
});
