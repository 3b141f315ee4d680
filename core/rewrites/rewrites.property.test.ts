import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endpoint } from '../document/endpoint.ts';
import { toNodeId, type NodeId } from '../diagnostics/ids.ts';
import type { Graph, Params } from '../document/schema.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { GraphBuilder } from '../templates/graphBuilder.ts';
import { nodeIds, nodeOf, sourceOf } from '../graph/lookup.ts';
import {
  addBatchNormAfterConvs,
  dropBiasBeforeBatchNorm,
  REWRITES,
  stripBatchNorm,
  swapBatchNormAndActivation,
  swappablePairs,
} from './rewrites.ts';
import { instantiateTemplate, TEMPLATES } from '../templates/templates.ts';
import { inEnglish } from '../words/catalogues.ts';

const PIECES = ['conv', 'convBias', 'bn', 'relu', 'tanh', 'dropout', 'residual', 'join', 'pool'] as const;
type Piece = (typeof PIECES)[number];

/** A valid graph from any list of pieces: images up to a GlobalAvgPool and a Dense. */
function buildGraph(pieces: readonly Piece[]): Graph {
  const builder = new GraphBuilder();
  let count = 0;
  const add = (kind: string, sources: NodeId[], params?: Params): NodeId =>
    builder.add(`${kind}${(count += 1)}`, kind, [0, count], sources, params);
  let last = builder.add('input', 'input', [0, 0], [], { height: 16, width: 16 });
  for (const piece of pieces) last = addPiece(piece, last, add);
  const logits = add('dense', [add('globalAvgPool', [last])], { units: 4 });
  builder.add('output', 'output', [0, count + 1], [logits]);
  return builder.build().graph;
}

function addPiece(
  piece: Piece,
  last: NodeId,
  add: (kind: string, sources: NodeId[], params?: Params) => NodeId,
): NodeId {
  switch (piece) {
    case 'conv':
      return add('conv2d', [last], { filters: 6, bias: false });
    case 'convBias':
      return add('conv2d', [last], { filters: 5 });
    case 'bn':
      return add('batchNorm', [last]);
    case 'pool':
      return add('maxPool', [last], { kernel: 2, stride: 1 });
    case 'residual': {
      const even = add('conv2d', [last], { filters: 4 });
      return add('add', [even, add('batchNorm', [even])]);
    }
    case 'join':
      return add('concat', [last, add('relu', [last])]);
    default:
      return add(piece, [last]);
  }
}

// Ten poolings of stride 1 are the most that fit into 16 pixels.
const graphs = fc.array(fc.constantFrom(...PIECES), { maxLength: 10 }).map(buildGraph);

function kinds(graph: Graph, kind: string): number {
  return nodeIds(graph).filter((id) => nodeOf(graph, id)?.kind === kind).length;
}

function errors(graph: Graph): string[] {
  return checkGraph(graph)
    .diagnostics.filter((found) => found.severity === 'error')
    .map((found) => inEnglish(found.message));
}

describe('rewrites', () => {
  it('the graphs of these tests are valid themselves', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        expect(errors(graph)).toEqual([]);
      }),
    );
  });

  for (const [name, rewrite] of Object.entries(REWRITES)) {
    it(`${name}: valid in, valid out, same Input and Output, the graph given untouched`, () => {
      fc.assert(
        fc.property(graphs, (graph) => {
          const before = structuredClone(graph);
          const result = checkGraph(rewrite(graph));
          expect(graph).toEqual(before);
          expect(result.diagnostics.filter((found) => found.severity === 'error')).toEqual([]);
          const original = checkGraph(graph).graph;
          expect(result.graph?.classes).toBe(original?.classes);
          expect(result.graph?.inputShape).toEqual(original?.inputShape);
        }),
      );
    });

    it(`${name}: a second time changes nothing more, or turns back`, () => {
      fc.assert(
        fc.property(graphs, (graph) => {
          const once = rewrite(graph);
          if (name === 'swapBatchNormAndActivation') expect(errors(rewrite(once))).toEqual([]);
          else expect(rewrite(once)).toEqual(once);
        }),
      );
    });

    it(`${name}: never throws, whatever the wires`, () => {
      const ids = ['input', 'conv2d1', 'batchNorm2', 'relu3', 'ghost'].map(toNodeId);
      const wild = fc.dictionary(
        fc.constantFrom(...ids).map((id) => endpoint(id, 'in')),
        fc.constantFrom(...ids).map((id) => endpoint(id, 'out')),
      );
      const { nodes } = buildGraph(['conv', 'bn', 'relu']);
      fc.assert(fc.property(wild, (wires) => void rewrite({ nodes, wires: wires as Graph['wires'] })));
    });
  }

  it('stripBatchNorm leaves none, and gives the blocks before them their bias', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const stripped = stripBatchNorm(graph);
        expect(kinds(stripped, 'batchNorm')).toBe(0);
        const before = nodeIds(graph)
          .filter((id) => nodeOf(graph, id)?.kind === 'batchNorm')
          .map((id) =>
            nodeOf(stripped, (sourceOf(graph, endpoint(id, 'in')) ?? '').replace('.out', '') as NodeId),
          );
        for (const node of before.filter((found) => found?.kind === 'conv2d'))
          expect(node?.params.bias).toBe(true);
      }),
    );
    const bare = stripBatchNorm(instantiateTemplate('resnet20').graph);
    expect(checkGraph(bare).graph?.parameterCount).toBe(272_474 - 784);
  });

  it('another norm takes the place of every BatchNorm, with as many parameters and the same wires', () => {
    const norms = [
      ['batchNormToLayerNorm', 'layerNorm'],
      ['batchNormToGroupNorm', 'groupNorm'],
      ['batchNormToInstanceNorm', 'instanceNorm'],
    ] as const;
    fc.assert(
      fc.property(graphs, fc.constantFrom(...norms), (graph, [name, kind]) => {
        const replaced = REWRITES[name](graph);
        expect(kinds(replaced, 'batchNorm')).toBe(0);
        expect(kinds(replaced, kind)).toBe(kinds(graph, 'batchNorm'));
        expect(replaced.wires).toEqual(graph.wires);
        expect(checkGraph(replaced).graph?.parameterCount).toBe(checkGraph(graph).graph?.parameterCount);
      }),
    );
    // Features have no pixels, so LayerNorm replaces InstanceNorm; groups divide the 100 units.
    const mlp = instantiateTemplate('bn-mlp').graph;
    expect(kinds(REWRITES.batchNormToInstanceNorm(mlp), 'layerNorm')).toBe(3);
    const groups = Object.values(REWRITES.batchNormToGroupNorm(mlp).nodes).map(({ params }) => params.groups);
    expect(groups.filter((count) => count !== undefined)).toEqual([5, 5, 5]);
    const kept = REWRITES.batchNormToGroupNorm({
      ...mlp,
      nodes: {
        ...mlp.nodes,
        ['bn1' as NodeId]: { kind: 'batchNorm', label: 'mine', params: { epsilon: 0.01 } },
      },
    });
    expect(nodeOf(kept, 'bn1' as NodeId)).toMatchObject({ label: 'mine', params: { epsilon: 0.01 } });
  });

  it('addBatchNormAfterConvs undoes stripBatchNorm for the convolutional templates', () => {
    for (const name of ['vgg-bn', 'resnet20']) {
      const { graph } = instantiateTemplate(name);
      const rebuilt = addBatchNormAfterConvs(stripBatchNorm(graph));
      const count = (other: Graph): unknown => checkGraph(other).graph?.parameterCount;
      expect([kinds(rebuilt, 'batchNorm'), count(rebuilt)]).toEqual([
        kinds(graph, 'batchNorm'),
        count(graph),
      ]);
    }
    const vgg = instantiateTemplate('vgg-bn').graph;
    expect(addBatchNormAfterConvs(stripBatchNorm(vgg))).toEqual(vgg);
  });

  it('swapBatchNormAndActivation turns round and back', () => {
    for (const { name } of TEMPLATES) {
      const { graph } = instantiateTemplate(name);
      // SqueezeNet has no BatchNorm.
      if (kinds(graph, 'batchNorm') === 0) continue;
      const swapped = swapBatchNormAndActivation(graph);
      expect(swapped).not.toEqual(graph);
      expect(swapBatchNormAndActivation(swapped)).toEqual(graph);
    }
    const turned = swapBatchNormAndActivation(instantiateTemplate('mnist-cnn-bn').graph);
    expect([sourceOf(turned, 'relu1.in' as never), sourceOf(turned, 'bn1.in' as never)]).toEqual([
      'conv1.out',
      'relu1.out',
    ]);
    expect(sourceOf(turned, 'pool1.in' as never)).toBe('bn1.out');
    expect(swappablePairs(turned)).toEqual([{ first: 'relu1', second: 'bn1' }]);
  });

  it('dropBiasBeforeBatchNorm leaves no lint behind', () => {
    for (const { name } of TEMPLATES) {
      const dropped = dropBiasBeforeBatchNorm(instantiateTemplate(name).graph);
      expect(checkGraph(dropped).diagnostics).toEqual([]);
    }
  });
});
