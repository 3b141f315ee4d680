import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backend/reference/referenceBackend.ts';
import { inEnglish } from '../../words/catalogues.ts';
import type { ForeignNetwork } from '../foreignModel.ts';
import { ascii, modelFile } from '../testing/bytes.ts';
import { caffeBlob, caffeFile, caffeMessage, caffeModel, type WrittenLayer } from '../testing/caffeWriter.ts';
import { foreignLogits } from '../testing/foreignLogits.ts';
import { refusal } from '../testing/messages.ts';
import { readCaffeFile } from './readCaffeFile.ts';

const INPUT = 'name: "net" input: "data" input_shape { dim: 1 dim: 1 dim: 2 dim: 2 }\n';

/** Layers of one input and output each, with settings: `[name, type, settings]`. */
function chain(...layers: readonly (readonly [name: string, type: string, settings?: string])[]): string {
  let bottom = 'data';
  const texts = layers.map(([name, type, settings = '']) => {
    const text = `layer { name: "${name}" type: "${type}" bottom: "${bottom}" top: "${name}" ${settings} }\n`;
    bottom = name;
    return text;
  });
  return INPUT + texts.join('');
}

const FC = ['fc', 'InnerProduct', 'inner_product_param { num_output: 2 }'] as const;
const FC_BLOBS: WrittenLayer = {
  name: 'fc',
  blobs: [caffeBlob([2, 4], [1, 2, 3, 4, 5, 6, 7, 8]), caffeBlob([2], [0.5, -0.5])],
};

function logitsOf(text: string, layers: readonly WrittenLayer[], image: readonly number[]): number[] {
  const network = readCaffeFile(caffeFile(text, caffeModel(layers)));
  return Array.from(foreignLogits(referenceBackend, network, Float32Array.from(image)));
}

function sentences({ notes }: ForeignNetwork): string[] {
  return notes.map(inEnglish);
}

describe('readCaffeFile', () => {
  it('computes an InnerProduct on a flattened image, without the Softmax at the end', () => {
    const network = readCaffeFile(caffeFile(chain(FC, ['prob', 'Softmax']), caffeModel([FC_BLOBS])));
    expect(Object.values(network.document.graph.nodes).map(({ kind }) => kind)).toEqual([
      ...['input', 'flatten', 'dense', 'output'],
    ]);
    expect(network).toMatchObject({ format: 'caffe', unexpected: [], document: { name: 'net' } });
    expect(network.values.get('fc.weights')).toMatchObject({ from: ['fc[0]'], dims: [2, 4] });
    const logits = foreignLogits(referenceBackend, network, Float32Array.of(1, 10, 100, 1000));
    expect(Array.from(logits)).toEqual([4321.5, 8764.5]);
    expect(sentences(network)).toEqual([
      'The network is that of net.prototxt, and the weights are those of net.caffemodel.',
      expect.stringContaining('prob (Softmax), was left out'),
      expect.stringContaining('does not say how images were prepared'),
    ]);
  });

  it('reads a transposed matrix and old dims', () => {
    const text = chain(['fc', 'InnerProduct', 'inner_product_param { num_output: 2 transpose: true }']);
    const old = caffeMessage([
      ...([1, 1, 4, 2] as const).map((dim, index) => [index + 1, dim] as const),
      [5, Float32Array.of(1, 5, 2, 6, 3, 7, 4, 8)],
    ]);
    const bias = caffeMessage([
      ...([1, 1, 1, 2] as const).map((dim, index) => [index + 1, dim] as const),
      // Not packed: one field for each number.
      ...([0.5, -0.5] as const).map((value) => [5, value] as const),
    ]);
    const layers = [{ name: 'fc', blobs: [old, bias] }];
    expect(logitsOf(text, layers, [1, 10, 100, 1000])).toEqual([4321.5, 8764.5]);
  });

  it('reads numbers of 64 bits', () => {
    const doubles = new Uint8Array(Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer);
    const blob = caffeMessage([
      [7, caffeBlobShape(2, 4)],
      [8, doubles],
    ]);
    const text = chain(['fc', 'InnerProduct', 'inner_product_param { num_output: 2 bias_term: false }']);
    expect(logitsOf(text, [{ name: 'fc', blobs: [blob] }], [1, 1, 1, 1])).toEqual([10, 26]);
  });

  it('makes one block of BatchNorm and Scale, and divides the sums by their weight', () => {
    const text = chain(
      ['bn', 'BatchNorm', 'batch_norm_param { eps: 0.001 moving_average_fraction: 0.95 }'],
      ['scale', 'Scale', 'scale_param { bias_term: true }'],
      FC,
    );
    const statistics = [caffeBlob([1], [6]), caffeBlob([1], [12]), caffeBlob([1], [3])];
    const affine = [caffeBlob([1], [2]), caffeBlob([1], [5])];
    const layers = [{ name: 'bn', blobs: statistics }, { name: 'scale', blobs: affine }, FC_BLOBS];
    const network = readCaffeFile(caffeFile(text, caffeModel(layers)));
    const bn = network.document.graph.nodes['bn' as never] as { params: object };
    expect(bn.params).toMatchObject({
      ...{ decay: 0.95, variance: 'unbiased', trainGamma: true, trainBeta: true, normalizeBy: 'batch' },
    });
    expect(bn.params).toHaveProperty('epsilon', expect.closeTo(0.001, 9));
    const values = ['gamma', 'beta', 'mean', 'variance'].map(
      (field) => network.values.get(`bn.${field}`)?.read()[0],
    );
    expect(values).toEqual([2, 5, 2, 4]);
    expect(network.unexpected).toEqual([]);
  });

  it('takes statistics of weight 0 as zeros, and a BatchNorm alone without gamma and beta', () => {
    const text = chain(['bn', 'BatchNorm', 'batch_norm_param { use_global_stats: true }'], FC);
    const blobs = [caffeBlob([1], [6]), caffeBlob([1], [12]), caffeBlob([1], [0])];
    const network = readCaffeFile(caffeFile(text, caffeModel([{ name: 'bn', blobs }, FC_BLOBS])));
    expect(network.values.get('bn.mean')?.read()).toEqual(Float32Array.of(0));
    expect(network.values.get('bn.variance')?.read()).toEqual(Float32Array.of(0));
    const bn = network.document.graph.nodes['bn' as never] as { params: object };
    expect(bn.params).toMatchObject({
      ...{ trainGamma: false, trainBeta: false, normalizeBy: 'stored', updateStatistics: false },
    });
    expect(sentences(network)).toContainEqual(
      expect.stringContaining('1 BatchNorm layers have use_global_stats'),
    );
  });

  it('keeps a BatchNorm and its Scale apart where another layer reads between them', () => {
    const text = `${INPUT}
      layer { name: "bn" type: "BatchNorm" bottom: "data" top: "bn" }
      layer { name: "scale" type: "Scale" bottom: "bn" top: "scale" }
      layer { name: "sum" type: "Eltwise" bottom: "bn" bottom: "scale" top: "sum" }
      layer { name: "fc" type: "InnerProduct" bottom: "sum" top: "fc" inner_product_param { num_output: 2 } }`;
    const statistics = [caffeBlob([1], [1]), caffeBlob([1], [1 - 1e-5]), caffeBlob([1], [1])];
    const layers = [
      { name: 'bn', blobs: statistics },
      { name: 'scale', blobs: [caffeBlob([1], [3])] },
      FC_BLOBS,
    ];
    const [first, second] = logitsOf(text, layers, [2, 1, 1, 1]);
    expect(first).toBeCloseTo(4.5, 4);
    expect(second).toBeCloseTo(19.5, 4);
  });

  it('works in place, and in the phase TEST', () => {
    const text = `${INPUT}
      layer { name: "up" type: "Power" bottom: "data" top: "data" power_param { scale: 2 } include { phase: TRAIN } }
      layer { name: "down" type: "Power" bottom: "data" top: "data" power_param { scale: -1 shift: 1 } }
      layer { name: "relu" type: "ReLU" bottom: "data" top: "data" exclude { phase: TRAIN } }
      layer { name: "fc" type: "InnerProduct" bottom: "data" top: "fc" inner_product_param { num_output: 2 } }
      layer { name: "loss" type: "SoftmaxWithLoss" bottom: "fc" bottom: "label" top: "loss" }
      layer { name: "accuracy" type: "Accuracy" bottom: "fc" bottom: "label" top: "accuracy" }`;
    expect(logitsOf(text, [FC_BLOBS], [-1, 3, 4, 5])).toEqual([2.5, 9.5]);
  });

  it('rounds the size of a pooling up, and divides a mean by the padded window', () => {
    const text = `input: "data" input_dim: [1, 1, 4, 4]
      layer { name: "pool" type: "Pooling" bottom: "data" top: "pool"
        pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 } }
      layer { name: "fc" type: "InnerProduct" bottom: "pool" top: "fc" inner_product_param { num_output: 9 bias_term: false } }`;
    const identity = Array.from({ length: 81 }, (_, index) => (index % 10 === 0 ? 1 : 0));
    const image = Array.from({ length: 16 }, () => 18);
    // The last windows reach beyond the padding: they have two rows or columns, and one in the image.
    const wanted = [8, 12, 6, 12, 18, 9, 6, 9, 4.5];
    const logits = logitsOf(text, [{ name: 'fc', blobs: [caffeBlob([9, 9], identity)] }], image);
    logits.forEach((logit, index) => expect(logit).toBeCloseTo(wanted[index] ?? NaN, 5));
  });

  it('reads a snapshot, which has its layers itself, with the preparation of its images', () => {
    const weights = caffeModel([
      {
        ...{ name: 'data', type: 'Data', tops: ['data', 'label'] },
        more: [
          [8, caffeMessage([[1, 0]])],
          [
            100,
            caffeMessage([
              [1, 0.00390625],
              [2, 1],
              [3, 2],
              [5, 104.5],
            ]),
          ],
        ],
      },
      {
        ...{ name: 'conv', type: 'Convolution', bottoms: ['data'], tops: ['conv'] },
        blobs: [
          caffeBlob(
            [2, 3, 2, 2],
            Array.from({ length: 24 }, (_, index) => index),
          ),
          caffeBlob([2], [1, 2]),
        ],
        more: [
          [
            106,
            caffeMessage([
              [1, 2],
              [4, 2],
            ]),
          ],
        ],
      },
      { name: 'loss', type: 'SoftmaxWithLoss', bottoms: ['conv', 'label'], tops: ['loss'] },
    ]);
    const network = readCaffeFile(modelFile('net_iter_10.caffemodel', weights));
    expect(network.document.data).toMatchObject({
      normalization: { kind: 'fixed', mean: [104.5, 104.5, 104.5], deviation: [256, 256, 256] },
      ...{ channelOrder: 'bgr', resize: 'crop' },
    });
    expect(sentences(network)).toEqual([
      expect.stringContaining('Training mirrored images'),
      expect.stringContaining('mean 104.5, 104.5, 104.5 and deviation 256, 256, 256'),
    ]);
    const logits = foreignLogits(referenceBackend, network, new Float32Array(12).fill(1));
    expect(Array.from(logits)).toEqual([67, 212]);
  });

  it('reads the format of 2014, in text and in binary', () => {
    const text = `input: "data" input_dim: 1 input_dim: 1 input_dim: 2 input_dim: 2
      layers { name: "relu" type: RELU bottom: "data" top: "relu" relu_param { negative_slope: 0.5 } }
      layers { name: "drop" type: DROPOUT bottom: "relu" top: "relu" }
      layers { name: "fc" type: INNER_PRODUCT bottom: "relu" top: "fc" inner_product_param { num_output: 2 } }
      layers { name: "prob" type: SOFTMAX bottom: "fc" top: "prob" }`;
    const [matrix, bias] = FC_BLOBS.blobs ?? [];
    const layer = caffeMessage([
      [4, 'fc'],
      [5, 14],
      [6, matrix ?? ''],
      [6, bias ?? ''],
    ]);
    const network = readCaffeFile(caffeFile(text, caffeMessage([[2, layer]])));
    const logits = foreignLogits(referenceBackend, network, Float32Array.of(-2, 1, 1, 1));
    expect(Array.from(logits)).toEqual([8.5, 15.5]);
  });

  it('proposes the usual preparation for images in color', () => {
    const text = `input: "data" input_dim: [1, 3, 2, 2]
      layer { name: "pool" type: "Pooling" bottom: "data" top: "pool" pooling_param { pool: AVE global_pooling: true } }
      layer { name: "fc" type: "InnerProduct" bottom: "pool" top: "fc" inner_product_param { num_output: 2 } }`;
    const network = readCaffeFile(caffeFile(text, caffeModel([])));
    expect(network.document.data).toMatchObject({
      normalization: { mean: [104, 117, 123], deviation: [1, 1, 1] },
      channelOrder: 'bgr',
    });
    expect(network.values.size).toBe(0);
  });

  it('names weights that no layer uses', () => {
    const network = readCaffeFile(
      caffeFile(chain(FC), caffeModel([FC_BLOBS, { name: 'old', blobs: [caffeBlob([1], [1])] }])),
    );
    expect(network.unexpected).toEqual(['old[0]']);
  });

  it('says which layer it cannot express, and why', () => {
    const cases: readonly (readonly [string, string, string, string])[] = [
      ['norm1', 'LRN', '', 'the layer norm1 is a LRN, which NormLab has no block for'],
      [
        'pool',
        'Pooling',
        'pooling_param { pool: STOCHASTIC kernel_size: 2 }',
        'a Pooling with pool STOCHASTIC',
      ],
      ['pool', 'Pooling', 'pooling_param { kernel_h: 1 kernel_w: 2 }', 'a Pooling with kernel 1 × 2'],
      ['pool', 'Pooling', 'pooling_param { kernel_size: 1 stride: 3 }', 'no pixel of the image'],
      [
        'conv',
        'Convolution',
        'convolution_param { num_output: 1 kernel_size: 1 stride_h: 2 stride_w: 1 }',
        'stride 2 × 1',
      ],
      [
        'conv',
        'Convolution',
        'convolution_param { num_output: 1 kernel_size: 9 }',
        'a Convolution, does not fit a block',
      ],
      ['cat', 'Concat', 'concat_param { axis: 2 }', 'a Concat with axis 2'],
      ['sum', 'Eltwise', 'eltwise_param { operation: MAX }', 'operation MAX'],
      ['power', 'Power', 'power_param { power: 2 }', 'power 2'],
    ];
    for (const [name, type, settings, wanted] of cases)
      expect(
        refusal(() => readCaffeFile(caffeFile(chain([name, type, settings], FC), caffeModel([FC_BLOBS])))),
        type,
      ).toMatch(new RegExp(`^model-unsupported: .*${wanted}`, 'u'));
  });

  it('refuses broken networks and weights with one sentence', () => {
    const cases: readonly (readonly [string, readonly WrittenLayer[], RegExp])[] = [
      [
        `${INPUT} layer { name: "a" type: "ReLU" bottom: "b" top: "b" }`,
        [],
        /the layer a reads b, which no layer/u,
      ],
      [
        chain(FC) + 'layer { name: "x" type: "ReLU" bottom: "data" top: "fc" }',
        [],
        /the layer x writes fc, which a layer before it/u,
      ],
      [
        chain(FC),
        [{ name: 'fc', blobs: [caffeBlob([4, 2], [1])] }],
        /fc\[0\] are 4 × 2, and the network needs 2 × 4/u,
      ],
      [chain(FC), [{ name: 'fc', blobs: [caffeBlob([2, 4], [1])] }], /fc\[0\] are 2 × 4 and have 1 values/u],
      [chain(FC), [FC_BLOBS, FC_BLOBS], /several layers with weights have the name fc/u],
      [chain(['bn', 'BatchNorm'], FC), [{ name: 'bn', blobs: [caffeBlob([1], [1])] }], /bn has 1 blobs/u],
      ['layer { name: "a" bottom: "b" }', [], /the layer a has no type/u],
      ['name: "x"', [], /it has no layers/u],
      [`${INPUT} layer {`, [], /ends in line 2 within a message/u],
      [`${INPUT} layer { top: "\n" }`, [], /line 2 has an unexpected "/u],
      [
        chain(['fc', 'InnerProduct', 'inner_product_param { num_output: "2" }']),
        [],
        /num_output of the layer fc is 2/u,
      ],
    ];
    for (const [text, layers, wanted] of cases)
      expect(
        refusal(() => readCaffeFile(caffeFile(text, caffeModel(layers)))),
        text,
      ).toMatch(wanted);
  });

  it('bounds what a file can describe', () => {
    const deep = 'a {'.repeat(100);
    const many = `${INPUT}${'layer { name: "a" type: "ReLU" bottom: "data" top: "data" }\n'.repeat(20_001)}`;
    const endless = 'x: 1\n'.repeat(1_000_001);
    for (const [text, wanted] of [
      [deep, /nested more than 32 deep/u],
      [many, /more than 20000 layers/u],
      [endless, /more than 1000000 settings/u],
    ] as const)
      expect(refusal(() => readCaffeFile(caffeFile(text, caffeModel([]))))).toMatch(wanted);
    const doubled = Array.from({ length: 60 }, (_, index) => {
      const bottom = index === 0 ? 'data' : `d${index - 1}`;
      return `layer { name: "d${index}" type: "Concat" bottom: "${bottom}" bottom: "${bottom}" top: "d${index}" }\n`;
    });
    const norm = 'layer { name: "bn" type: "BatchNorm" bottom: "d59" top: "bn" }';
    expect(refusal(() => readCaffeFile(caffeFile(INPUT + doubled.join('') + norm, caffeModel([]))))).toMatch(
      /the layer bn has more than 1048576 channels/u,
    );
    const huge = caffeMessage([
      [7, caffeBlobShape(2 ** 60, 2 ** 60)],
      [5, Float32Array.of(1)],
    ]);
    expect(
      refusal(() => readCaffeFile(caffeFile(chain(FC), caffeModel([{ name: 'fc', blobs: [huge] }])))),
    ).toMatch(/the weights fc\[0\] are \d+ × \d+/u);
  });
});

describe('the two files of a model', () => {
  const [text, weights] = [ascii(chain(FC)), caffeModel([FC_BLOBS])];
  const read = (name: string, files: readonly string[]): ForeignNetwork => {
    const contents = Object.fromEntries(
      files.map((each) => [each, each.endsWith('.prototxt') ? text : weights] as const),
    );
    return readCaffeFile(modelFile(name, name.endsWith('.prototxt') ? text : weights, contents));
  };

  it('finds the other by the same name, as the only one, or as the deploy file', () => {
    const cases: readonly (readonly [string, readonly string[], string])[] = [
      ['a.caffemodel', ['a.prototxt', 'b.prototxt'], 'a.prototxt'],
      ['a.caffemodel', ['b.prototxt', 'solver.prototxt'], 'b.prototxt'],
      ['a.caffemodel', ['deploy.prototxt', 'train_val.prototxt', 'solver.prototxt'], 'deploy.prototxt'],
      ['a.prototxt', ['a.caffemodel', 'b.caffemodel'], 'a.caffemodel'],
      ['a.prototxt', ['b.caffemodel'], 'b.caffemodel'],
    ];
    for (const [name, files, wanted] of cases)
      expect(sentences(read(name, files))[0], name).toContain(` ${wanted}`);
  });

  it('says what is missing, and what it could be where several fit', () => {
    const cases: readonly (readonly [string, readonly string[], RegExp])[] = [
      ['a.prototxt', [], /a\.prototxt describes a network without its weights/u],
      ['a.prototxt', ['b.caffemodel', 'c.caffemodel'], /2 files of weights: b\.caffemodel, c\.caffemodel/u],
      ['a.caffemodel', ['b.prototxt', 'c.prototxt'], /2 descriptions of networks: b\.prototxt, c\.prototxt/u],
      ['a.caffemodel', [], /a\.caffemodel has weights without a description/u],
    ];
    for (const [name, files, wanted] of cases)
      expect(
        refusal(() => read(name, files)),
        name,
      ).toMatch(wanted);
  });
});

function caffeBlobShape(...dims: readonly number[]): Uint8Array<ArrayBuffer> {
  return caffeMessage(dims.map((dim) => [1, dim]));
}
