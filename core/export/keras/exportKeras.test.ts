import { describe, expect, it } from 'vitest';
import { createDocument } from '../../document/create.ts';
import type { Params } from '../../document/schema.ts';
import { must } from '../../diagnostics/invariantError.ts';
import { toNodeId } from '../../diagnostics/ids.ts';
import { NODE_DEFINITIONS } from '../../nodes/registry.ts';
import { GraphBuilder } from '../../templates/graphBuilder.ts';
import { told } from '../../words/testing.ts';
import { formatDifferences } from '../formatDifferences.ts';
import {
  everyChannelBlock,
  everyFoldCase,
  everyImageBlock,
  everyPhotoBlock,
  everyResizingBlock,
} from '../testing/networks.ts';
import { randomModel } from '../testing/randomModel.ts';
import type { TrainedModel } from '../trainedModel.ts';
import { exportKeras, type KerasExport } from './exportKeras.ts';
import { layerNames } from './layerNames.ts';
import type { WeightGroup } from './weightGroups.ts';
import { writeNetwork } from './writeNetwork.ts';

type Block = readonly [id: string, kind: string, params?: Params];

/** A chain of blocks over images of 6 x 5 pixels with 4 channels, then Flatten and Dense. */
function chain(blocks: readonly Block[], name = 'Chain'): TrainedModel {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], { height: 6, width: 5, channels: 3 });
  let last = builder.add('stem', 'conv2d', [0, 1], [input], { filters: 4, kernel: 1 });
  for (const [id, kind, params] of blocks) last = builder.add(id, kind, [0, 2], [last], params);
  last = builder.add('flat', 'flatten', [0, 3], [last]);
  last = builder.add('head', 'dense', [0, 4], [last], { units: 3 });
  builder.add('output', 'output', [0, 5], [last]);
  const { graph, positions } = builder.build();
  return randomModel({ ...createDocument(name, 'chain'), graph, layout: { positions } });
}

function exported(model: TrainedModel): KerasExport {
  return exportKeras(model, { foldBatchNorm: false });
}

function sourceOf(model: TrainedModel): string {
  return new TextDecoder().decode(exported(model).files['model.py']);
}

/** The line of a layer in `model.py`. */
function lineOf(name: string, ...blocks: readonly Block[]): string {
  const lines = sourceOf(chain(blocks)).split('\n');
  return must(
    lines.find((line) => line.includes(`name="${name}"`)),
    name,
  ).trim();
}

function notesOf(...blocks: readonly Block[]): string {
  const { document } = chain(blocks);
  return told(formatDifferences(document, 'keras', { foldBatchNorm: false })).join('\n');
}

function groupOf(model: TrainedModel, path: string): WeightGroup {
  return must(
    exported(model).groups.find((group) => group.path === path),
    path,
  );
}

describe('model.py for Keras', () => {
  it('has layers for every kind of block', () => {
    const all = [
      ...[everyImageBlock(), everyPhotoBlock({ roundsUp: false }), everyResizingBlock()],
      ...[everyChannelBlock(), everyFoldCase()],
    ].map((document) => randomModel(document));
    const used = new Set(all.flatMap(({ graph }) => graph.order.map(({ definition }) => definition.kind)));
    expect(NODE_DEFINITIONS.map(({ kind }) => kind).filter((kind) => !used.has(kind))).toEqual([]);
    for (const model of all) expect(sourceOf(model)).toMatch(/return keras\.Model\(images, /);
  });

  it('reads like one written by hand', () => {
    const source = sourceOf(
      chain([
        ['conv', 'conv2d', { filters: 8, kernel: 3, padding: 'explicit', padY: 1, padX: 1, bias: false }],
        ['bn', 'batchNorm', { epsilon: 1e-3, decay: 0.95 }],
        ['act', 'relu6'],
      ]),
    );
    expect(source).toContain(`def build_network():
    """Maps images [N, 6, 5, 3], normalized as in predict.py, to logits [N, 3]."""
    images = layers.InputLayer(batch_shape=(None, 6, 5, 3), name="input").output
    x = layers.Conv2D(filters=4, kernel_size=1, name="stem")(images)
    x = layers.Conv2D(filters=8, kernel_size=3, padding="same", use_bias=False, name="conv")(x)
    x = layers.BatchNormalization(momentum=0.95, epsilon=0.001, name="bn")(x)
    x = layers.ReLU(max_value=6, name="act")(x)
    x = layers.Flatten(name="flat")(x)
    x = layers.Dense(units=3, name="head")(x)
    output = layers.Activation(activation="linear", name="output")(x)
    return keras.Model(images, output, name="network")
`);
  });

  it.each([
    ['"""\nimport os\n"""', '"\\"\\"\\"\\nimport os\\n\\"\\"\\""'],
    ["it's \\ «né» 网络 \u2028", '"it\'s \\\\ «né» 网络 \u2028"'],
  ])('takes the project name %j as a text', (name, literal) => {
    expect(sourceOf(chain([], name))).toContain(`PROJECT = ${literal}\n`);
  });

  it('gives ids that are keywords or names of its own other variables, and keeps them as names of layers', () => {
    const builder = new GraphBuilder();
    const input = builder.add('layers', 'input', [0, 0], [], { height: 4, width: 4, channels: 3 });
    const first = builder.add('class', 'relu', [0, 1], [input]);
    const second = builder.add('a-b', 'tanh', [0, 2], [input]);
    const sum = builder.add('keras', 'add', [0, 3], [first, second]);
    const pooled = builder.add('pad', 'globalAvgPool', [0, 4], [sum]);
    builder.add('output', 'output', [0, 5], [builder.add('x', 'dense', [0, 6], [pooled], { units: 3 })]);
    const { graph, positions } = builder.build();
    const source = sourceOf(
      randomModel({ ...createDocument('Names', 'names'), graph, layout: { positions } }),
    );
    expect(source).toContain('class_ = layers.ReLU(name="class")(images)');
    expect(source).toContain('layers.Add(name="keras")([class_, x])');
    expect(source).toContain('layers.GlobalAveragePooling2D(name="pad_block")(x)');
    expect(source).toContain('layers.Dense(units=3, name="x")(x)');
  });
});

describe('blocks in Keras', () => {
  it('pad and cut with layers of their own where Keras pads otherwise', () => {
    const window = { kernel: 3, stride: 2, padding: 'explicit' } as const;
    const uneven = { ...window, filters: 4, asymmetric: true, padY: 0, padX: 2, padBottom: 1, padRight: 1 };
    expect(lineOf('c_pad', ['c', 'conv2d', uneven])).toBe(
      'x = layers.ZeroPadding2D(padding=((0, 1), (2, 1)), name="c_pad")(x)',
    );
    const transposed = { ...window, filters: 4, padY: 1, padX: 0, outputPadding: 1 };
    expect(lineOf('t', ['t', 'convTranspose2d', transposed])).toContain(
      'strides=2, output_padding=(0, 1), name',
    );
    expect(lineOf('t_crop', ['t', 'convTranspose2d', transposed])).toContain('cropping=((1, 0), (0, 0))');
  });

  it('are depthwise where each channel has filters of its own', () => {
    const line = lineOf('d', ['d', 'conv2d', { filters: 8, groups: 4, kernel: 3, padding: 'valid' }]);
    expect(line).toContain('layers.DepthwiseConv2D(kernel_size=3, depth_multiplier=2, name="d")');
  });

  it('have momentum 1 where the statistics are kept, and are frozen where nothing is trained', () => {
    expect(lineOf('bn', ['bn', 'batchNorm', { updateStatistics: false }])).toContain('momentum=1,');
    const frozen = { normalizeBy: 'stored', updateStatistics: false, trainGamma: false, trainBeta: false };
    expect(lineOf('bn', ['bn', 'batchNorm', frozen])).toContain(
      'momentum=0.9, epsilon=0.00001, trainable=False',
    );
    expect(lineOf('c', ['c', 'conv2d', { trainWeights: false }])).toContain('trainable=False');
  });

  it('say before the export what Keras does in another way', () => {
    const norm = { ghostSize: 2, renorm: true, trainGamma: false, averaging: 'cumulative' };
    const notes = notesOf(
      ['bn', 'batchNorm', norm],
      ['wide', 'conv2d', { filters: 4, kernel: 2, dilation: 2, stride: 2, rateFactor: 0.5 }],
      ['up', 'convTranspose2d', { filters: 4, groups: 2 }],
    );
    expect(notes).toMatch(/ghost groups of 2[^]*final limits[^]*switches[^]*cumulative[^]*unbiased/);
    expect(notes).toMatch(/dilated kernel[^]*2 groups/);
    expect(notes).toMatch(/learning rate factor 0\.5/);
  });

  it('say the same of several blocks in one line', () => {
    const notes = notesOf(['bn', 'batchNorm', {}], ['c', 'conv2d', {}], ['bn2', 'batchNorm', {}]);
    expect(notes).toBe(
      'BatchNorm bn, BatchNorm bn2: the moving variance averages unbiased variances, and Keras continues with biased ones. Outputs are the same.',
    );
  });

  it('are a mean at every pixel where padding that does not count meets a stride', () => {
    const block = ['mean', 'avgPool', { kernel: 3, stride: 2, padding: 'explicit', pad: 1 }] as const;
    expect(notesOf(block)).toMatch(/^AvgPool mean: .* computes the mean at every pixel/);
    const { layers } = writeNetwork(chain([block]).graph);
    const pools = layers.filter(({ kind }) => kind.endsWith('Pooling2D'));
    expect(pools.map(({ name, kind, settings }) => [name, kind, settings])).toEqual([
      ['mean_each', 'AveragePooling2D', { pool_size: 3, padding: 'same', strides: 1 }],
      ['mean', 'MaxPooling2D', { pool_size: 1, strides: 2 }],
    ]);
  });

  it('are refused where Keras has no such pooling, with what to change', () => {
    const block = ['mean', 'avgPool', { kernel: 2, padding: 'explicit', pad: 1 }] as const;
    expect(notesOf(block)).toMatch(/^AvgPool mean: .* cannot be exported to Keras\. Set Padding to Same/);
    expect(() => exported(chain([block]))).toThrow(expect.objectContaining({ code: 'arguments' }));
  });
});

describe('variables in Keras', () => {
  it('of a kernel are [kH, kW, in, out]', () => {
    const model = chain([['c', 'conv2d', { filters: 5, kernel: 3, rectangular: true, kernelX: 2 }]]);
    const slot = must(
      model.layout.parameters.find(({ name }) => name === 'c.weights'),
      'c.weights',
    );
    const [kernel, bias] = groupOf(model, 'layers/conv2d_1').variables;
    expect([kernel?.dims, bias?.dims]).toEqual([[3, 2, 4, 5], [5]]);
    // Ours is [out, in, kH, kW]: filter 3, channel 2, row 1, column 1.
    const ours = model.state[slot.offset + ((3 * 4 + 2) * 3 + 1) * 2 + 1];
    expect(kernel?.data[((1 * 2 + 1) * 4 + 2) * 5 + 3]).toBe(ours);
  });

  it('of a Dense behind a Flatten come in the order [H, W, C]', () => {
    const model = chain([]);
    const slot = must(
      model.layout.parameters.find(({ name }) => name === 'head.weights'),
      'head.weights',
    );
    const [kernel] = groupOf(model, 'layers/dense').variables;
    expect(kernel?.dims).toEqual([4 * 6 * 5, 3]);
    // Channel 2, row 4, column 3 to logit 1.
    const ours = model.state[slot.offset + 1 * 120 + (2 * 6 + 4) * 5 + 3];
    expect(kernel?.data[((4 * 5 + 3) * 4 + 2) * 3 + 1]).toBe(ours);
  });

  it('of a BatchNorm are gamma, beta, mean and variance, and three more with renormalization', () => {
    const model = chain([['bn', 'batchNorm', { renorm: true, epsilon: 0.5 }]]);
    const { name, variables } = groupOf(model, 'layers/batch_normalization');
    const values = variables.map(({ data }) => data);
    const slots = [...model.layout.parameters, ...model.layout.statistics];
    const ours = ['gamma', 'beta', 'mean', 'variance'].map((field) => {
      const slot = must(
        slots.find((each) => each.name === `bn.${field}`),
        field,
      );
      return Float32Array.from(model.state.subarray(slot.offset, slot.offset + slot.size));
    });
    const deviation = must(ours[3], 'variance').map((value) => Math.sqrt(value + 0.5));
    expect(name).toBe('bn');
    expect(values).toEqual([...ours, deviation, ours[2], deviation]);
  });

  it('that are not finite are refused', () => {
    const model = chain([]);
    model.state[0] = NaN;
    expect(() => exported(model)).toThrow(expect.objectContaining({ code: 'diverged' }));
  });
});

it('names layers by their blocks, except where Keras takes the name for an operation', () => {
  const names = layerNames(['conv1', 'pad', 'gelu_2', 'pad_block', 'padding'].map(toNodeId));
  expect([...names.values()]).toEqual(['conv1', 'pad_block_', 'gelu_2_block', 'pad_block', 'padding']);
});
