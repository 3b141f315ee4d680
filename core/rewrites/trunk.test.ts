import { describe, expect, it } from 'vitest';
import { chain, networkGraph, type Add, type Body } from '../conformance/networks.ts';
import { entriesOf } from '../diagnostics/entries.ts';
import { toNodeId, type NodeId } from '../diagnostics/ids.ts';
import type { Graph } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { GraphBuilder } from '../templates/graphBuilder.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { headOf, partsOf, stagesOf } from './trunk.ts';

/** The size and the weighted blocks of each stage. */
function shown(graph: Graph): string[] {
  return stagesOf(graph).map(({ size, blocks }) => {
    const kinds = new Map(entriesOf(graph.nodes).map(([id, { kind }]) => [id, kind]));
    const weighted = blocks.filter((id) => ['conv2d', 'dense'].includes(kinds.get(id) ?? ''));
    return `${size === null ? 'vectors' : size.join('x')}: ${weighted.join(' ')}`;
  });
}

function built(shape: readonly number[], body: Body): Graph {
  const graph = networkGraph(shape, body);
  expect(checkGraph(graph).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return graph;
}

/** MobileNet's inverted residual with a gate of one number for each channel. */
function inverted(add: Add, input: NodeId, stride: number): NodeId {
  const wide = add('relu', [add('batchNorm', [add('conv2d', [input], { filters: 8, kernel: 1 })])]);
  const deep = add('batchNorm', [add('conv2d', [wide], { filters: 8, groups: 8, stride })]);
  const squeezed = add('dense', [add('globalAvgPool', [deep])], { units: 2 });
  const gate = add('sigmoid', [add('dense', [add('relu', [squeezed])], { units: 8 })]);
  const gated = add('multiply', [deep, gate]);
  return add('batchNorm', [add('conv2d', [gated], { filters: 6, kernel: 1 })]);
}

describe('stages of a trunk', () => {
  it('of ResNet begin with the strided convolutions, on both sides of the addition', () => {
    const graph = instantiateTemplate('resnet20').graph;
    const stages = shown(graph);
    expect(stages.map((stage) => stage.split(':')[0])).toEqual(['32x32', '16x16', '8x8']);
    const last = stagesOf(graph).at(-1)?.blocks ?? [];
    const { shapes } = checkGraph(graph);
    for (const id of partsOf(graph).trunk) {
      const shape = shapes.get(id) ?? [];
      if (shape.length === 3) expect(last.includes(id), id).toBe(shape[1] === 8);
    }
    expect(headOf(graph)).toHaveLength(1);
  });

  it('of VGG begin with a pooling; the pooling after the last convolutions belongs to them', () => {
    expect(shown(instantiateTemplate('vgg-bn').graph)).toEqual([
      '32x32: conv1 conv2',
      '16x16: conv3 conv4',
      '4x4: conv5 conv6',
    ]);
  });

  it('of MobileNet keep a gate with its feature map', () => {
    const graph = built([3, 16, 16], (add, input) => {
      const stem = add('conv2d', [input], { filters: 6, stride: 2 });
      return add('globalAvgPool', [inverted(add, inverted(add, stem, 1), 2)]);
    });
    // conv2d5 widens at 8x8; conv2d6 is the strided depthwise one.
    expect(shown(graph)).toEqual([
      '8x8: conv2d1 conv2d2 conv2d3 dense1 dense2 conv2d4 conv2d5',
      '4x4: conv2d6 dense3 dense4 conv2d7',
    ]);
  });

  it('of DenseNet begin with the pooling of a transition', () => {
    const graph = built([3, 8, 8], (add, input) => {
      const joined = (from: NodeId): NodeId => {
        const grown = add('conv2d', [add('relu', [add('batchNorm', [from])])], { filters: 4 });
        return add('concat', [from, grown]);
      };
      const first = joined(add('conv2d', [input], { filters: 4 }));
      const transition = add('avgPool', [add('conv2d', [first], { filters: 4, kernel: 1 })]);
      return add('globalAvgPool', [add('batchNorm', [joined(joined(transition))])]);
    });
    expect(shown(graph)).toEqual(['8x8: conv2d1 conv2d2 conv2d3', '4x4: conv2d4 conv2d5']);
  });

  it('of a plain chain do not end where a valid convolution cuts off the border', () => {
    const valid = { filters: 4, kernel: 3, padding: 'valid' };
    const graph = built(
      [1, 28, 28],
      chain(
        ...(['conv2d', 'conv2d'] as const).map((kind) => [kind, valid] as const),
        ['maxPool'],
        ['conv2d', valid],
        ['conv2d', valid],
        ['maxPool'],
        ['flatten'],
        ['dense', { units: 9 }],
        ['relu'],
      ),
    );
    expect(shown(graph)).toEqual(['24x24: conv2d1 conv2d2', '4x4: conv2d3 conv2d4 dense1']);
  });

  it('put a padding with the convolution that it is for', () => {
    const graph = built(
      [3, 16, 16],
      chain(
        ['conv2d', { filters: 4 }],
        ['pad', { top: 1, bottom: 1, left: 1, right: 1 }],
        ['conv2d', { filters: 4, stride: 2, padding: 'valid' }],
      ),
    );
    expect(shown(graph)).toEqual(['18x18: conv2d1', '8x8: conv2d2']);
  });

  it('of a network of vectors are one, and of a single layer none', () => {
    expect(shown(instantiateTemplate('bn-mlp').graph)).toEqual(['vectors: dense1 dense2 dense3']);
    expect(stagesOf(built([1, 2, 2], (_add, input) => input))).toHaveLength(1);
    expect(stagesOf({ nodes: {}, wires: {} })).toEqual([]);
  });
});

describe('the head', () => {
  it('is the last weighted block with the norm and the activation after it', () => {
    const builder = new GraphBuilder();
    const input = builder.add('input', 'input', [0, 0], []);
    const conv = builder.add('conv', 'conv2d', [0, 1], [input]);
    const last = builder.add('last', 'conv2d', [0, 2], [conv], { filters: 3, kernel: 1 });
    const norm = builder.add('norm', 'batchNorm', [0, 3], [last]);
    const pool = builder.add('pool', 'globalAvgPool', [0, 4], [norm]);
    builder.add('output', 'output', [0, 5], [pool]);
    const { graph } = builder.build();
    expect(headOf(graph)).toEqual(['last']);
    expect(partsOf(graph)).toEqual({ head: ['last', 'norm', 'pool', 'output'], trunk: ['conv'] });
  });

  it('are both of two that are added, and blocks of dead ends are in no part', () => {
    const builder = new GraphBuilder();
    const input = builder.add('input', 'input', [0, 0], []);
    const flat = builder.add('flat', 'flatten', [0, 1], [input]);
    const hidden = builder.add('hidden', 'dense', [0, 2], [flat]);
    const one = builder.add('one', 'dense', [0, 3], [hidden], { units: 3 });
    const two = builder.add('two', 'dense', [1, 3], [flat], { units: 3 });
    builder.add('aside', 'dense', [2, 3], [flat], { units: 3 });
    builder.add('output', 'output', [0, 5], [builder.add('sum', 'add', [0, 4], [one, two])]);
    const { graph } = builder.build();
    expect([...headOf(graph)].sort()).toEqual(['one', 'two']);
    expect([...partsOf(graph).trunk].sort()).toEqual(['flat', 'hidden']);
    expect(partsOf(graph).head).not.toContain(toNodeId('aside'));
  });

  it('is nothing in a network without weights', () => {
    const builder = new GraphBuilder();
    const input = builder.add('input', 'input', [0, 0], []);
    builder.add('output', 'output', [0, 2], [builder.add('pool', 'globalAvgPool', [0, 1], [input])]);
    const { graph } = builder.build();
    expect(headOf(graph)).toEqual([]);
    expect(partsOf(graph).trunk).toEqual([]);
  });
});
