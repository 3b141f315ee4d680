import { describe, expect, it } from 'vitest';
import {
  float,
  int,
  ints,
  text,
  type Attributes,
  type GraphBuilder,
} from '../../export/onnx/graphBuilder.ts';
import { readOnnxFile, type OnnxNetwork } from './readOnnxFile.ts';
import {
  addConv,
  encodeImageModel,
  fileOf,
  innerBlocks,
  numbers,
  onlyBlock,
  sizes,
  withScalar,
} from './testing/smallModels.ts';

type Draw = (builder: GraphBuilder, input: string) => string;

function read(channels: number, draw: Draw): OnnxNetwork {
  return readOnnxFile(fileOf(encodeImageModel(channels, draw)));
}

describe('convolutions', () => {
  it.each([
    [{ pads: ints(1, 1, 1, 1) }, { padding: 'explicit', padY: 1, padX: 1, stride: 1 }],
    [{ pads: ints(0, 2, 0, 2) }, { padding: 'explicit', padY: 0, padX: 2 }],
    [{}, { padding: 'valid' }],
    [
      { pads: ints(0, 0, 1, 1), strides: ints(2, 2) },
      { padding: 'same', stride: 2 },
    ],
    [
      { pads: ints(1, 0, 2, 2) },
      { padding: 'explicit', padY: 1, padX: 0, asymmetric: true, padBottom: 2, padRight: 2 },
    ],
    [
      { auto_pad: text('SAME_UPPER'), strides: ints(2, 2) },
      { padding: 'same', stride: 2 },
    ],
    [
      { auto_pad: text('SAME_LOWER'), strides: ints(2, 2) },
      { padding: 'explicit', padY: 1, padX: 1, asymmetric: true, padBottom: 0, padRight: 0 },
    ],
    [
      { auto_pad: text('VALID'), dilations: ints(2, 2) },
      { padding: 'valid', dilation: 2 },
    ],
  ] as const)('Conv with %o', (attributes, params) => {
    const block = onlyBlock(read(4, (b, x) => addConv(b, x, attributes)));
    expect(block.kind).toBe('conv2d');
    expect(block.params).toMatchObject({ filters: 4, kernel: 3, bias: false, ...params });
  });

  it('takes the bias of an Add behind it, and keeps the names of both', () => {
    const network = read(4, (builder, input) => {
      const bias = builder.constant('c.bias', [1, 4, 1, 1], numbers(4));
      return builder.node('add', 'Add', [bias, addConv(builder, input, {})], 'add.out');
    });
    expect(onlyBlock(network).params).toMatchObject({ bias: true });
    expect(network.values.get('c.bias')).toMatchObject({ dims: [4], from: ['c.bias'], transposed: false });
    expect(network.values.get('c.weights')).toMatchObject({ dims: [4, 3, 3, 3], from: ['c.weight'] });
  });

  it('does not take the constant of an Add whose other input is used elsewhere too', () => {
    const twice: Draw = (builder, input) => {
      const source = addConv(builder, input, {});
      const bias = builder.constant('c.bias', [1, 4, 1, 1], numbers(4));
      const shifted = builder.node('add', 'Add', [source, bias], 'add.out');
      return builder.node('both', 'Add', [source, shifted], 'both.out');
    };
    expect(() => read(4, twice)).toThrow(/node add, a Add, computes with a constant/);
  });

  it('ConvTranspose with output padding', () => {
    const network = read(2, (builder, input) => {
      const weights = builder.constant('up.weight', [3, 2, 3, 3], numbers(54));
      return builder.node('up', 'ConvTranspose', [input, weights], 'up.out', {
        ...{ strides: ints(2, 2), pads: ints(1, 1, 1, 1), output_padding: ints(1, 1) },
      });
    });
    expect(onlyBlock(network)).toMatchObject({
      kind: 'convTranspose2d',
      params: { filters: 2, stride: 2, padding: 'explicit', padY: 1, outputPadding: 1 },
    });
  });
});

describe('activation functions', () => {
  const cases: readonly (readonly [string, Draw])[] = [
    ['relu', (b, x) => b.node('f', 'Relu', [x], 'f.out')],
    ['relu', (b, x) => b.node('f', 'Clip', [x], 'f.out', { min: float(0) })],
    ['relu6', (b, x) => b.node('f', 'Clip', [x], 'f.out', { min: float(0), max: float(6) })],
    [
      'relu6',
      (b, x) => {
        const bounds = [
          b.constant('low', [], Float32Array.of(0)),
          b.constant('high', [], Float32Array.of(6)),
        ];
        return b.node('f', 'Clip', [x, ...bounds], 'f.out');
      },
    ],
    ['silu', (b, x) => b.node('f', 'Mul', [x, b.node('s', 'Sigmoid', [x], 's.out')], 'f.out')],
    [
      'hardSwish',
      (b, x) =>
        b.node('f', 'Mul', [b.node('s', 'HardSigmoid', [x], 's.out', { alpha: float(1 / 6) }), x], 'f.out'),
    ],
    [
      'hardSwish',
      (b, x) => {
        const clipped = b.node('k', 'Clip', [withScalar(b, 'Add', x, 3)], 'k.out', {
          min: float(0),
          max: float(6),
        });
        return withScalar(b, 'Div', b.node('f', 'Mul', [x, clipped], 'f.out'), 6);
      },
    ],
    [
      'gelu',
      (b, x) => {
        const bent = b.node('e', 'Erf', [withScalar(b, 'Div', x, Math.SQRT2)], 'e.out');
        const product = b.node('f', 'Mul', [x, withScalar(b, 'Add', bent, 1)], 'f.out');
        return withScalar(b, 'Mul', product, 0.5);
      },
    ],
  ];
  it.each(cases)('%s (%#)', (kind, draw) => {
    expect(onlyBlock(read(3, draw)).kind).toBe(kind);
  });

  it('keeps a gate of another value apart from SiLU', () => {
    const network = read(4, (b, x) => {
      const source = addConv(b, x, { pads: ints(1, 1, 1, 1) });
      const mean = b.node('m', 'ReduceMean', [source], 'm.out', { axes: ints(2, 3), keepdims: int(1) });
      return b.node('g', 'Mul', [source, b.node('s', 'Sigmoid', [mean], 's.out')], 'g.out');
    });
    expect(innerBlocks(network).map(({ kind }) => kind)).toEqual(['conv2d', 'sigmoid', 'multiply']);
  });

  it('PRelu with one slope for each channel, or one for all', () => {
    const draw =
      (dims: number[]): Draw =>
      (b, x) =>
        b.node('p', 'PRelu', [x, b.constant('slope', dims, numbers(dims[0] ?? 1))], 'p.out');
    const [each, all] = [read(3, draw([3, 1, 1])), read(3, draw([1]))];
    expect([onlyBlock(each).params, onlyBlock(all).params]).toMatchObject([
      { shared: false },
      { shared: true },
    ]);
    expect([...each.values.values()].map(({ dims }) => dims)).toContainEqual([3]);
    expect([...all.values.values()].map(({ dims }) => dims)).toContainEqual([1]);
  });
});

describe('norms', () => {
  const vector = (b: GraphBuilder, name: string, size: number, seed: number): string =>
    b.constant(
      name,
      [size],
      numbers(size, seed).map((value) => value + 1),
    );

  it('BatchNormalization keeps epsilon, momentum as decay, and says that it was in training mode', () => {
    const network = read(3, (b, x) => {
      const inputs = ['gamma', 'beta', 'mean', 'var'].map((name, seed) => vector(b, `n.${name}`, 3, seed));
      const attributes = { epsilon: float(1e-3), momentum: float(0.99), training_mode: int(1) };
      return b.node('n', 'BatchNormalization', [x, ...inputs], 'n.out', attributes);
    });
    expect(onlyBlock(network)).toMatchObject({ kind: 'batchNorm', params: { epsilon: 1e-3, decay: 0.99 } });
    expect(network.notes.map(({ key }) => key)).toEqual(['onnxFiles.trainingMode']);
    const slots = [...network.values].filter(([name]) => !name.startsWith('head'));
    expect(slots.map(([name, { from }]) => [name.split('.')[1], ...from])).toEqual([
      ...[
        ['gamma', 'n.gamma'],
        ['beta', 'n.beta'],
        ['mean', 'n.mean'],
        ['variance', 'n.var'],
      ],
    ]);
  });

  it('InstanceNormalization with ones and zeros has no gamma and beta', () => {
    const draw =
      (value: number): Draw =>
      (b, x) => {
        const filled = (name: string, each: number): string =>
          b.constant(name, [3], new Float32Array(3).fill(each));
        return b.node('n', 'InstanceNormalization', [x, filled('one', value), filled('zero', 0)], 'n.out');
      };
    expect(onlyBlock(read(3, draw(1))).params).toMatchObject({ gamma: false, beta: false });
    expect(onlyBlock(read(3, draw(2))).params).toMatchObject({ gamma: true, beta: true });
  });

  it('LayerNormalization of each pixel, with channels last between two Transposes', () => {
    const network = read(3, (b, x) => {
      const last = b.node('t1', 'Transpose', [x], 't1.out', { perm: ints(0, 2, 3, 1) });
      const normal = b.node('n', 'LayerNormalization', [last, vector(b, 'g', 3, 1)], 'n.out', {
        axis: int(-1),
      });
      return b.node('t2', 'Transpose', [normal], 't2.out', { perm: ints(0, 3, 1, 2) });
    });
    expect(onlyBlock(network)).toMatchObject({
      kind: 'layerNorm',
      params: { over: 'eachPixel', beta: false },
    });
  });
});

describe('pooling and resizing', () => {
  const pool =
    (opType: string, attributes: Attributes): Draw =>
    (b, x) =>
      b.node('p', opType, [x], 'p.out', attributes);

  it.each([
    [
      'MaxPool',
      { kernel_shape: ints(3, 3), strides: ints(2, 2), pads: ints(1, 1, 1, 1) },
      'maxPool',
      { pad: 1 },
    ],
    [
      'MaxPool',
      { kernel_shape: ints(3, 3), strides: ints(2, 2), ceil_mode: int(1) },
      'maxPool',
      { ceilMode: true },
    ],
    ['AveragePool', { kernel_shape: ints(2, 2), strides: ints(2, 2) }, 'avgPool', { countPadding: false }],
    [
      'AveragePool',
      { kernel_shape: ints(3, 3), pads: ints(0, 0, 1, 1), count_include_pad: int(1), strides: ints(2, 2) },
      'avgPool',
      { countPadding: true, padding: 'same' },
    ],
  ] as const)('%s with %o', (opType, attributes, kind, params) => {
    expect(onlyBlock(read(3, pool(opType, attributes)))).toMatchObject({ kind, params });
  });

  it('Resize by a whole factor, where nearest repeats each pixel', () => {
    const resize =
      (attributes: Attributes): Draw =>
      (b, x) =>
        b.node(
          'r',
          'Resize',
          [x, '', b.constant('s', [4], Float32Array.of(1, 1, 2, 2))],
          'r.out',
          attributes,
        );
    expect(onlyBlock(read(3, resize({ mode: text('linear') }))).params).toMatchObject({
      interpolation: 'bilinear',
    });
    expect(onlyBlock(read(3, resize({ mode: text('nearest') }))).params).toMatchObject({
      interpolation: 'nearest',
    });
    const corners = { mode: text('linear'), coordinate_transformation_mode: text('align_corners') };
    expect(() => read(3, resize(corners))).toThrow(/resizes by mode linear with coordinates align_corners/);
    const shifted = { mode: text('nearest'), nearest_mode: text('floor') };
    expect(() => read(3, resize(shifted))).toThrow(/resizes by mode nearest/);
  });

  it('Pad with a frame of its own value', () => {
    const network = read(3, (b, x) => {
      const pads = b.constant('pads', [8], sizes(0, 0, 1, 2, 0, 0, 3, 4));
      return b.node('p', 'Pad', [x, pads, b.constant('v', [], Float32Array.of(2))], 'p.out');
    });
    const params = { border: 'fill', value: 2, top: 1, left: 2, bottom: 3, right: 4 };
    expect(onlyBlock(network)).toMatchObject({ kind: 'pad', params });
  });
});
