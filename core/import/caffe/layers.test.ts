import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backend/reference/referenceBackend.ts';
import { inEnglish } from '../../words/catalogues.ts';
import type { ForeignNetwork } from '../foreignModel.ts';
import { ascii, modelFile } from '../testing/bytes.ts';
import { caffeBlob, caffeFile, caffeModel, type WrittenLayer } from '../testing/caffeWriter.ts';
import { foreignLogits } from '../testing/foreignLogits.ts';
import { refusal } from '../testing/messages.ts';
import { readCaffeFile } from './readCaffeFile.ts';

/** A layer as text. */
function layer(name: string, type: string, bottoms: string, settings = ''): string {
  const ends = bottoms
    .split(' ')
    .map((bottom) => `bottom: "${bottom}"`)
    .join(' ');
  return `layer { name: "${name}" type: "${type}" ${ends} top: "${name}" ${settings} }\n`;
}

function open(
  dims: string,
  layers: readonly string[],
  weights: readonly WrittenLayer[] = [],
): ForeignNetwork {
  const text = `input: "data" input_dim: [1, ${dims}]\n${layers.join('')}`;
  return readCaffeFile(caffeFile(text, caffeModel(weights)));
}

/** A matrix that passes `count` values on, as the last layer with weights. */
function passing(bottom: string, count: number): readonly [string, WrittenLayer] {
  const identity = Array.from({ length: count ** 2 }, (_, index) => (index % (count + 1) === 0 ? 1 : 0));
  const settings = `inner_product_param { num_output: ${count} bias_term: false }`;
  return [
    layer('fc', 'InnerProduct', bottom, settings),
    { name: 'fc', blobs: [caffeBlob([count, count], identity)] },
  ];
}

function logitsOf(network: ForeignNetwork, image: readonly number[]): number[] {
  return Array.from(foreignLogits(referenceBackend, network, Float32Array.from(image)), (value) =>
    Number(value.toFixed(5)),
  );
}

function kindsOf({ document }: ForeignNetwork): readonly string[] {
  return Object.values(document.graph.nodes).map(({ kind }) => kind);
}

describe('layers of Caffe', () => {
  it('scales and shifts channels of images and values of vectors', () => {
    const [fc, weights] = passing('bias', 2);
    const layers = [
      layer(
        'scale',
        'Scale',
        'data',
        'scale_param { bias_term: true } param { lr_mult: 0 } param { lr_mult: 0 }',
      ),
      layer('first', 'InnerProduct', 'scale', 'inner_product_param { num_output: 2 bias_term: false }'),
      layer('bias', 'Bias', 'first'),
      fc,
    ];
    const network = open('1, 1, 2', layers, [
      { name: 'scale', blobs: [caffeBlob([1], [3]), caffeBlob([1], [1])] },
      { name: 'first', blobs: [caffeBlob([2, 2], [1, 0, 0, 1])] },
      { name: 'bias', blobs: [caffeBlob([2], [10, 20])] },
      weights,
    ]);
    expect(logitsOf(network, [1, 2])).toEqual([14, 27]);
    expect(network.document.graph.nodes['scale' as never]).toMatchObject({ params: { trainWeights: false } });
    expect(network.document.graph.nodes['bias' as never]).toMatchObject({ params: { trainWeights: true } });
  });

  it('gates channels by a Scale with two inputs, and by an Axpy', () => {
    const gate = layer('pool', 'Pooling', 'data', 'pooling_param { pool: AVE global_pooling: true }');
    const flat = layer('gate', 'Reshape', 'pool', 'reshape_param { shape { dim: 0 dim: -1 } }');
    const [fc, weights] = passing('scale', 2);
    const scaled = open(
      '1, 1, 2',
      [gate, flat, layer('scale', 'Scale', 'data gate', 'scale_param { axis: 0 }'), fc],
      [weights],
    );
    expect(logitsOf(scaled, [1, 3])).toEqual([2, 6]);
    const added = open('1, 1, 2', [gate, layer('scale', 'Axpy', 'pool data data'), fc], [weights]);
    expect(logitsOf(added, [1, 3])).toEqual([3, 9]);
  });

  it('adds and joins more inputs than a block has', () => {
    const [fc, weights] = passing('sum', 2);
    const ten = Array.from({ length: 10 }, () => 'data').join(' ');
    const sum = open(
      '1, 1, 2',
      [layer('sum', 'Eltwise', ten, 'eltwise_param { operation: SUM }'), fc],
      [weights],
    );
    expect(logitsOf(sum, [1, 2])).toEqual([10, 20]);
    const [last, matrix] = passing('mean', 20);
    const names = Array.from({ length: 20 }, (_, index) => (index === 3 ? 'other' : 'data')).join(' ');
    const joined = open(
      '1, 1, 2',
      [
        layer('other', 'Power', 'data', 'power_param { scale: 10 }'),
        layer('sum', 'Concat', names),
        layer('mean', 'Pooling', 'sum', 'pooling_param { pool: AVE kernel_h: 1 kernel_w: 2 }'),
        last,
      ],
      [matrix],
    );
    expect(logitsOf(joined, [1, 3])).toEqual(
      Array.from({ length: 20 }, (_, index) => (index === 3 ? 20 : 2)),
    );
  });

  it('takes an image of one pixel as a vector and as an image', () => {
    const layers = [
      layer('pool', 'Pooling', 'data', 'pooling_param { pool: AVE kernel_size: 2 }'),
      layer('relu', 'ReLU', 'pool'),
      layer(
        'conv',
        'Convolution',
        'relu',
        'convolution_param { num_output: 2 kernel_size: 1 bias_term: false }',
      ),
      layer('sum', 'Eltwise', 'conv conv', 'eltwise_param { operation: PROD }'),
    ];
    const network = open('1, 2, 2', layers, [{ name: 'conv', blobs: [caffeBlob([2, 1, 1, 1], [1, 2])] }]);
    expect(logitsOf(network, [1, 2, 3, 6])).toEqual([9, 36]);
    expect(kindsOf(network)).toEqual(['input', 'globalAvgPool', 'relu', 'dense', 'multiply', 'output']);
    const [pool = '', , , sum = ''] = layers;
    const grouped = 'convolution_param { num_output: 3 kernel_size: 1 group: 3 bias_term: false }';
    const apart = open(
      '3, 2, 2',
      [pool, layer('conv', 'Convolution', 'pool', grouped), sum],
      [{ name: 'conv', blobs: [caffeBlob([3, 1, 1, 1], [1, 2, 3])] }],
    );
    expect(logitsOf(apart, [1, 3, 2, 2, 2, 2, 2, 2, 4, 0, 4, 0])).toEqual([4, 16, 36]);
    expect(kindsOf(apart)).toEqual([
      ...['input', 'globalAvgPool', 'reshape', 'conv2d', 'multiply', 'flatten', 'output'],
    ]);
  });

  it('enlarges images by a Deconvolution', () => {
    const [fc, weights] = passing('up', 4);
    const settings = 'convolution_param { num_output: 1 kernel_size: 2 stride: 2 bias_term: false }';
    const network = open(
      '1, 1, 1',
      [layer('up', 'Deconvolution', 'data', settings), fc],
      [{ name: 'up', blobs: [caffeBlob([1, 1, 2, 2], [1, 2, 3, 4])] }, weights],
    );
    expect(logitsOf(network, [10])).toEqual([10, 20, 30, 40]);
  });

  it('reshapes to images and keeps what a 0 says', () => {
    const [fc, weights] = passing('pool', 2);
    const layers = [
      layer('flat', 'Flatten', 'data'),
      layer('image', 'Reshape', 'flat', 'reshape_param { shape { dim: 0 dim: 2 dim: 1 dim: -1 } }'),
      layer('same', 'Reshape', 'image', 'reshape_param { axis: 1 shape { dim: 0 dim: 0 dim: 0 } }'),
      layer('pool', 'Pooling', 'same', 'pooling_param { pool: AVE global_pooling: true }'),
      fc,
    ];
    expect(logitsOf(open('1, 2, 2', layers, [weights]), [1, 3, 5, 9])).toEqual([2, 7]);
    const wrong = layer('image', 'Reshape', 'data', 'reshape_param { shape { dim: 0 dim: 3 dim: -1 } }');
    expect(refusal(() => open('1, 2, 2', [wrong, passing('image', 4)[0]]))).toContain(
      'a Reshape with shape 0 3 -1',
    );
  });

  it('has functions of values with their settings', () => {
    const cases: readonly (readonly [string, string, number, number])[] = [
      ['ReLU', 'relu_param { negative_slope: 0.25 }', -4, -1],
      ['ELU', 'elu_param { alpha: 2 }', -1, 2 * (Math.exp(-1) - 1)],
      ['Sigmoid', '', 1, 1 / (1 + Math.exp(-1))],
      ['TanH', '', 1, Math.tanh(1)],
      ['Swish', '', 1, 1 / (1 + Math.exp(-1))],
      ['Clip', 'clip_param { min: 0 max: 6 }', 8, 6],
      ['ReLU6', '', 7, 6],
      ['Split', '', 3, 3],
      ['Dropout', 'dropout_param { dropout_ratio: 0.3 }', 3, 3],
      ['Softmax', '', 3, 1],
    ];
    for (const [type, settings, given, wanted] of cases) {
      const [fc, weights] = passing('f', 1);
      const network = open('1, 1, 1', [layer('f', type, 'data', settings), fc], [weights]);
      expect(logitsOf(network, [given])[0], type).toBeCloseTo(wanted, 4);
    }
  });
});

describe('images of a network of Caffe', () => {
  const data = (
    more: string,
  ): string => `layer { name: "data" type: "ImageData" top: "data" top: "label" ${more} }
    ${layer('pool', 'Pooling', 'data', 'pooling_param { pool: AVE global_pooling: true }')}
    ${layer('fc', 'InnerProduct', 'pool', 'inner_product_param { num_output: 2 }')}
    ${layer('loss', 'SoftmaxWithLoss', 'fc label')}`;
  const opened = (
    text: string,
    others: Readonly<Record<string, Uint8Array<ArrayBuffer>>> = {},
  ): ForeignNetwork =>
    readCaffeFile(modelFile('a.prototxt', ascii(text), { 'a.caffemodel': caffeModel([]), ...others }));

  it('takes the mean of each channel of a mean image', () => {
    const text = data(
      'transform_param { mean_file: "data/mean.binaryproto" crop_size: 24 } image_data_param { new_height: 32 new_width: 32 }',
    );
    const mean = caffeBlob([1, 3, 1, 2], [100, 102, 110, 112, 120, 124]);
    const network = opened(text, { 'mean.binaryproto': mean });
    expect(network.document.data).toMatchObject({
      normalization: { mean: [101, 111, 122], deviation: [1, 1, 1] },
      ...{ channelOrder: 'bgr', resize: 'crop', cropFraction: 0.75 },
    });
    const without = opened(text);
    expect(without.document.data).toMatchObject({ normalization: { mean: [104, 117, 123] } });
    expect(without.notes.map(inEnglish)).toContain('The mean image mean.binaryproto is not in the folder.');
  });

  it('takes the size of ImageData, and grey images', () => {
    const network = opened(
      data(
        'transform_param { scale: 0.00390625 } image_data_param { new_height: 6 new_width: 8 is_color: false }',
      ),
    );
    expect(network.document.graph.nodes['input' as never]).toMatchObject({
      params: { channels: 1, height: 6, width: 8 },
    });
    expect(network.document.data).toMatchObject({ normalization: { mean: [0], deviation: [256] } });
    expect(network.document.data.channelOrder).toBeUndefined();
  });

  it('needs the size of the images, and one or three channels', () => {
    expect(refusal(() => opened(data('')))).toContain('does not say the size of its images');
    const five = `input: "data" input_dim: [1, 5, 4, 4] ${layer('relu', 'ReLU', 'data')}`;
    expect(refusal(() => opened(five))).toContain('its input data is 5 × 4 × 4');
    const image = `input: "data" input_dim: [1, 3, 4, 4] ${layer('relu', 'ReLU', 'data')}`;
    expect(refusal(() => opened(image))).toContain('of the layer relu, is an image of 3 × 4 × 4');
  });

  it('takes the last of several losses', () => {
    const text = `${data('transform_param { mean_value: 1 mean_value: 2 mean_value: 3 crop_size: 8 }')}
      ${layer('other', 'InnerProduct', 'pool', 'inner_product_param { num_output: 3 }')}
      ${layer('last', 'SoftmaxWithLoss', 'other label')}`;
    const network = opened(text);
    expect(kindsOf(network)).toEqual(['input', 'globalAvgPool', 'dense', 'output']);
    expect(network.document.data).toMatchObject({ normalization: { mean: [1, 2, 3] } });
    expect(network.notes.map(inEnglish)).toContain(
      'The network has several outputs; other was taken and 1 left out.',
    );
  });
});
