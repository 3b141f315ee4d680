import { describe, expect, it } from 'vitest';
import { createDocument } from '../../document/create.ts';
import type { GraphDocument, Params } from '../../document/schema.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import { GraphBuilder } from '../../templates/graphBuilder.ts';
import { told } from '../../words/testing.ts';
import { formatDifferences } from '../formatDifferences.ts';
import { everyCaffeBlock, everyChannelBlock } from '../testing/networks.ts';
import { randomModel } from '../testing/randomModel.ts';
import { exportCaffe } from './exportCaffe.ts';
import { planCaffe } from './caffePlan.ts';

function filesOf(document: GraphDocument): (name: string) => string {
  const { files } = exportCaffe(randomModel(document), { foldBatchNorm: false });
  return (name) => new TextDecoder().decode(files.get(name));
}

/** An image of 8 x 8, one block, and what a classifier needs. */
function oneBlock(kind: string, params: Params): GraphDocument {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], { height: 8, width: 8, channels: 3 });
  const block = builder.add('block', kind, [0, 1], [input], params);
  const flat = builder.add('flat', 'flatten', [0, 2], [block]);
  builder.add('output', 'output', [0, 4], [builder.add('fc', 'dense', [0, 3], [flat], { units: 3 })]);
  const { graph, positions } = builder.build();
  return { ...createDocument('one', 'one'), graph, layout: { positions } };
}

function layersOf(text: string): string[] {
  return text.split('\nlayer {').slice(1);
}

describe('a folder for Caffe', () => {
  const file = filesOf(everyCaffeBlock());

  it('writes BatchNorm and Scale, without use_global_stats where the default of the phase is right', () => {
    const deploy = file('deploy.prototxt');
    expect(deploy).toContain('type: "BatchNorm"\n  bottom: "data/block"\n  top: "label/block"');
    expect(deploy).not.toMatch(/use_global_stats|lr_mult/);
    const stored = layersOf(file('train_val.prototxt')).filter((layer) => layer.includes('use_global_stats'));
    expect(stored).toHaveLength(1);
    expect(stored[0]).toContain('name: "stored"');
    expect(file('train_val.prototxt')).toMatch(
      /# stored normalizes by the stored statistics in the phase TRAIN/,
    );
  });

  it('writes the switches of training as lr_mult', () => {
    const layer = (name: string): string =>
      layersOf(file('train_val.prototxt')).find((each) => each.includes(`name: "${name}"`)) ?? '';
    expect(layer('stored/scale')).toMatch(/lr_mult: 0 decay_mult: 0 \}\n.*lr_mult: 1 decay_mult: 0/);
    expect(layer('shared')).toContain('lr_mult: 0 decay_mult: 0');
    expect(layer('grouped')).toMatch(/lr_mult: 0.5 decay_mult: 1 \}\n.*lr_mult: 0.5 decay_mult: 0/);
    expect(layer('normalize')).toContain('lr_mult: 0');
  });

  it('has sources, loss and accuracy in train_val, probabilities in deploy, and the names of the classes', () => {
    const train = file('train_val.prototxt');
    expect(train.match(/type: "ImageData"/g)).toHaveLength(2);
    expect(train).toMatch(/type: "SoftmaxWithLoss"\n {2}bottom: "accuracy\/block"\n {2}bottom: "label"/);
    expect(file('deploy.prototxt')).toMatch(/name: "prob"\n {2}type: "Softmax"/);
    expect(file('labels.txt').split('\n')).toHaveLength(6);
  });

  it('tells what is composed, before the export', () => {
    const sentences = told(formatDifferences(everyCaffeBlock(), 'caffe', { foldBatchNorm: false })).join(
      '\n',
    );
    expect(sentences).toMatch(/act-silu: .*Sigmoid, Eltwise/);
    expect(sentences).toMatch(/label: ghost groups of 2 samples are not part of Caffe/);
    expect(sentences).toMatch(/wide: .*extended with zeros to 5 × 4/);
    expect(sentences).toMatch(
      /MaxPool max, MaxPool maxPadded, AvgPool mean, .*: Caffe rounds .*cuts off the rest/,
    );
    expect(sentences).toMatch(/depth: .*left out/);
    expect(sentences).toMatch(
      /BatchNorm label, BatchNorm loss: the stored statistics count as those of one batch/,
    );
  });

  it('refuses what Caffe cannot express, and lists all of it', () => {
    const model = randomModel(everyChannelBlock());
    const { refusals } = planCaffe(model.graph);
    expect(refusals.length).toBeGreaterThan(5);
    expect(told(refusals)[0]).toMatch(/lnSample: Caffe 1.0 has no such layer, so this network cannot/);
    const asked = (): unknown => exportCaffe(model, { foldBatchNorm: false });
    expect(asked).toThrow(expect.objectContaining({ code: 'arguments' }));
    expect(asked).toThrow(/lnSample.*lnPixel/);
  });

  it.each([
    ['pad', { border: 'reflect' }],
    ['upsample', { interpolation: 'bilinear' }],
    ['adaptiveAvgPool', { height: 3, width: 3 }],
    ['avgPool', { kernel: 3, padding: 'same', stride: 1 }],
    ['gelu', {}],
  ])('refuses %s with %o', (kind, params) => {
    const { graph } = checkGraph(oneBlock(kind, params).graph);
    expect(graph === null ? [] : planCaffe(graph).refusals).toHaveLength(1);
  });
});
