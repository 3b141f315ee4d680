import { describe, expect, it } from 'vitest';
import { createDocument } from '../document/create.ts';
import type { GraphDocument } from '../document/schema.ts';
import { toNodeId } from '../diagnostics/ids.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import { GraphBuilder } from '../templates/graphBuilder.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import { told } from '../words/testing.ts';
import { exportKeras } from './keras/exportKeras.ts';
import { formatDifferences } from './formatDifferences.ts';
import { networkSource, sourceNetwork, SOURCE_FORMATS, type SourceFormat } from './networkSource.ts';
import { sourceText } from './sourceLine.ts';
import {
  everyChannelBlock,
  everyFoldCase,
  everyImageBlock,
  everyPhotoBlock,
  everyResizingBlock,
} from './testing/networks.ts';
import { randomModel } from './testing/randomModel.ts';
import { exportPytorch } from './torch/exportPytorch.ts';

const NETWORKS = [
  everyImageBlock(),
  everyPhotoBlock({ roundsUp: false }),
  everyResizingBlock(),
  everyChannelBlock(),
  everyFoldCase(),
  instantiateTemplate('resnet20', {}),
];

function sourceOf(document: GraphDocument, format: SourceFormat): ReturnType<typeof networkSource> | null {
  const network = sourceNetwork(checkGraph(document.graph, document.training), document.graph);
  return network === null ? null : networkSource(document.name, network, format);
}

/** A network with one average pooling. */
function withPool(params: object): GraphDocument {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], { height: 7, width: 7, channels: 3 });
  const pool = builder.add('pool', 'avgPool', [0, 1], [input], { kernel: 3, stride: 2, ...params });
  const flat = builder.add('flat', 'flatten', [0, 2], [pool]);
  const head = builder.add('head', 'dense', [0, 3], [flat], { units: 3 });
  builder.add('output', 'output', [0, 4], [head]);
  const { graph, positions } = builder.build();
  return { ...createDocument('Pool', 'pool'), graph, layout: { positions } };
}

describe.each(NETWORKS)('the source of $name', (document) => {
  it.each(SOURCE_FORMATS)('is the model.py of an export to %s, without any weights', (format) => {
    const model = randomModel(document);
    const kept = { foldBatchNorm: false };
    const written = {
      pytorch: () => exportPytorch(model, kept).files.get('model.py'),
      keras: () => exportKeras(model, kept).files['model.py'],
    }[format]();
    const source = sourceOf(document, format);
    expect(sourceText(source?.lines ?? [])).toBe(new TextDecoder().decode(written));
    expect(told(source?.notes ?? [])).toEqual(
      told(formatDifferences(document, format, { foldBatchNorm: false })),
    );
  });

  it.each(SOURCE_FORMATS)('names the blocks of each line in %s', (format) => {
    const lines = sourceOf(document, format)?.lines ?? [];
    const ofBlocks = new Set(lines.flatMap(({ blocks }) => blocks));
    // A Pad of no pixels, and a Reshape to the same shape, are no layers of Keras.
    const missing = [...checkGraph(document.graph).shapes.keys()].filter((id) => !ofBlocks.has(id));
    if (format === 'pytorch') expect(missing).toEqual([]);
    else
      expect(
        missing.every((id) => /pad|reshape/i.test(id)),
        missing.join(', '),
      ).toBe(true);
    for (const { text, blocks } of lines.filter((line) => line.blocks.length > 0)) {
      const module = /^ {8}self\.(\w+)(\.\w+)? = /.exec(text)?.[1];
      if (module !== undefined) expect(blocks.map((id) => id.replaceAll('-', '_'))).toEqual([module]);
    }
  });
});

describe('the lines of a block', () => {
  const document = instantiateTemplate('mnist-cnn-bn', {});
  const linesOf = (format: SourceFormat, id: string): readonly string[] =>
    (sourceOf(document, format)?.lines ?? [])
      .filter(({ blocks }) => blocks.includes(toNodeId(id)))
      .map(({ text }) => text.trim());

  it('are its module and its call in PyTorch', () => {
    expect(linesOf('pytorch', 'bn1')).toEqual([
      expect.stringMatching(/^self\.bn1 = nn\.BatchNorm2d\(\d+.*\)$/),
      'x = self.bn1(x)',
    ]);
    expect(linesOf('pytorch', 'input')).toEqual(['def forward(self, images):']);
    expect(linesOf('pytorch', 'output')).toEqual([expect.stringMatching(/^return /)]);
  });

  it('are its layers in Keras', () => {
    expect(linesOf('keras', 'bn1')).toEqual([
      expect.stringMatching(/^x = layers\.BatchNormalization\(.*name="bn1"\)\(x\)$/),
    ]);
    expect(linesOf('keras', 'input')).toEqual([expect.stringMatching(/^images = /)]);
  });
});

describe('a network without source', () => {
  it('has a reason where Keras cannot express it, and no lines', () => {
    const document = withPool({
      padding: 'explicit',
      pad: 1,
      stride: 1,
      countPadding: false,
      asymmetric: true,
      padLeft: 0,
    });
    const source = sourceOf(document, 'keras');
    expect(source?.lines).toEqual([]);
    expect(told(source?.refusals ?? []).join()).toContain('cannot be exported to Keras');
    expect(sourceOf(document, 'pytorch')?.lines.length).toBeGreaterThan(10);
  });

  it('is one with an error in a block; errors of training do not matter', () => {
    const document = withPool({});
    const { graph } = document;
    const { [toNodeId('flat')]: _, ...nodes } = graph.nodes;
    expect(sourceOf({ ...document, graph: { ...graph, nodes } }, 'pytorch')).toBeNull();
    const head = { kind: 'dense', params: { units: 3, trainWeights: false } };
    const frozen = { ...document, graph: { ...graph, nodes: { ...graph.nodes, [toNodeId('head')]: head } } };
    expect(checkGraph(frozen.graph).graph).toBeNull();
    expect(sourceOf(frozen, 'pytorch')?.lines.length).toBeGreaterThan(10);
  });
});
