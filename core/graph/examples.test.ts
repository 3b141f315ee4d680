import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { applyCommand } from '../edit/applyCommand.ts';
import type { Command } from '../edit/command.ts';
import { createDocument } from '../document/create.ts';
import { toNodeId } from '../document/ids.ts';
import { parseDocument } from '../document/parse.ts';
import { PROJECT_EXTENSION, type GraphDocument } from '../document/schema.ts';
import { serializeDocument } from '../document/serialize.ts';
import { checkGraph } from './checkGraph.ts';
import { checkTraining } from './checkTraining.ts';
import { GraphBuilder } from './graphBuilder.ts';
import { instantiateTemplate } from './templates.ts';

const folder = new URL('../../examples/', import.meta.url);

function run(document: GraphDocument, ...commands: readonly Command[]): GraphDocument {
  return commands.reduce((current, command) => {
    const result = applyCommand(current, command);
    if (!result.ok) throw new Error(result.reason);
    return result.document;
  }, document);
}

/** For the sample pictures of the set-up: 32 × 32, four shapes. */
function sampleShapes(): GraphDocument {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], []);
  const conv1 = builder.add('conv1', 'conv2d', [0, 1], [input], { filters: 16, bias: false });
  const bn1 = builder.add('bn1', 'batchNorm', [0, 2], [conv1]);
  const relu1 = builder.add('relu1', 'relu', [0, 3], [bn1]);
  const conv2 = builder.add('conv2', 'conv2d', [0, 4], [relu1], { filters: 32, stride: 2, bias: false });
  const bn2 = builder.add('bn2', 'batchNorm', [0, 5], [conv2]);
  const relu2 = builder.add('relu2', 'relu', [0, 6], [bn2]);
  const conv3 = builder.add('conv3', 'conv2d', [0, 7], [relu2], { filters: 32, bias: false });
  const bn3 = builder.add('bn3', 'batchNorm', [0, 8], [conv3]);
  const narrow = { filters: 32, kernel: 1, stride: 2, bias: false };
  const shortcut = builder.add('shortcut', 'conv2d', [1, 5], [relu1], narrow);
  const norm = builder.add('shortcutBn', 'batchNorm', [1, 6], [shortcut]);
  const sum = builder.add('add', 'add', [1.5, 8], [bn3, norm]);
  const relu3 = builder.add('relu3', 'relu', [1.5, 9], [sum]);
  const gap = builder.add('gap', 'globalAvgPool', [2, 0], [relu3]);
  const dropout = builder.add('dropout', 'dropout', [2, 1], [gap], { rate: 0.1 });
  const dense = builder.add('dense', 'dense', [2, 2], [dropout], { units: 4, initializer: 'xavierUniform' });
  builder.add('output', 'output', [2, 3], [dense]);
  const { graph, positions } = builder.build();
  return run(
    { ...createDocument('Sample shapes', 'sample-shapes'), graph, layout: { positions } },
    { type: 'setLabel', node: toNodeId('shortcut'), label: 'Shortcut' },
    { type: 'setLabel', node: toNodeId('dense'), label: 'One unit a class' },
    { type: 'setTraining', values: { epochs: 8, batchSize: 32, learningRate: 0.05 } },
  );
}

/** Written by this test where a file is missing; `vitest -u` writes them anew. */
const EXAMPLES: Readonly<Record<string, GraphDocument>> = {
  'handwritten-digits': run(instantiateTemplate('mnist-cnn-bn', { id: 'handwritten-digits' }), {
    type: 'rename',
    name: 'Handwritten digits',
  }),
  'sample-shapes': sampleShapes(),
  'sigmoid-mlp': run(instantiateTemplate('bn-mlp', { id: 'sigmoid-mlp' }), {
    type: 'rename',
    name: 'Figure 1 of the BatchNorm paper',
  }),
};

describe('examples', () => {
  it('are these files', () => {
    const names = readdirSync(folder).filter((name) => name.endsWith(PROJECT_EXTENSION));
    expect(names.sort()).toEqual(Object.keys(EXAMPLES).map((name) => name + PROJECT_EXTENSION));
  });

  for (const [name, document] of Object.entries(EXAMPLES)) {
    it(`${name} is as this build writes it, opens and checks clean`, async () => {
      const file = new URL(name + PROJECT_EXTENSION, folder);
      await expect(serializeDocument(document)).toMatchFileSnapshot(fileURLToPath(file));
      const result = parseDocument(readFileSync(file, 'utf8'));
      expect(result).toEqual({ ok: true, document });
      const report = checkGraph(document.graph);
      expect(report.diagnostics.filter((found) => found.severity !== 'hint')).toEqual([]);
      const data = { images: 1600, classes: name === 'sample-shapes' ? 4 : 10 };
      expect(report.graph && checkTraining(report.graph, document.training, data)).toEqual([]);
    });
  }
});
