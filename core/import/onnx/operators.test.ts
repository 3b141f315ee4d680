import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../backend/reference/referenceBackend.ts';
import { must } from '../../diagnostics/invariantError.ts';
import type { NodeRecord } from '../../document/schema.ts';
import {
  float,
  int,
  ints,
  text,
  type Attributes,
  type GraphBuilder,
} from '../../export/onnx/graphBuilder.ts';
import { foreignLogits } from '../testing/foreignLogits.ts';
import { readOnnxFile, type OnnxNetwork } from './readOnnxFile.ts';
import { encodeImageModel, encodeSmall, fileOf, numbers, sizes } from './testing/smallModels.ts';

type Draw = (builder: GraphBuilder, input: string) => string;

function read(channels: number, draw: Draw): OnnxNetwork {
  return readOnnxFile(fileOf(encodeImageModel(channels, draw)));
}

/** The blocks of a network besides Input, the mean over the pixels, the last Dense and Output. */
function innerBlocks({ document }: OnnxNetwork): readonly NodeRecord[] {
  const around = ['input', 'globalAvgPool', 'output'];
  return Object.entries(document.graph.nodes).flatMap(([id, record]) =>
    around.includes(record.kind) || id === 'head' ? [] : [record],
  );
}

function onlyBlock(network: OnnxNetwork): NodeRecord {
  const blocks = innerBlocks(network);
  expect(blocks.map(({ kind }) => kind)).toHaveLength(1);
  return must(blocks[0], 'a block');
}

function conv(attributes: Attributes, dims = [4, 3, 3, 3]): Draw {
  return (builder, input) => {
    const weights = builder.constant('c.weight', dims, numbers(dims.reduce((a, b) => a * b, 1)));
    return builder.node('c', 'Conv', [input, weights], 'c.out', attributes);
  };
}

/** A node with an element-wise constant as second input. */
function withScalar(builder: GraphBuilder, opType: string, input: string, value: number): string {
  const name = `${opType}${builder.nodes.length}`;
  const held = builder.constant(`${name}.value`, [], Float32Array.of(value));
  return builder.node(name, opType, [input, held], `${name}.out`);
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
    const block = onlyBlock(read(4, conv(attributes)));
    expect(block.kind).toBe('conv2d');
    expect(block.params).toMatchObject({ filters: 4, kernel: 3, bias: false, ...params });
  });

  it('takes the bias of an Add behind it, and keeps the names of both', () => {
    const network = read(4, (builder, input) => {
      const bias = builder.constant('c.bias', [1, 4, 1, 1], numbers(4));
      return builder.node('add', 'Add', [bias, conv({})(builder, input)], 'add.out');
    });
    expect(onlyBlock(network).params).toMatchObject({ bias: true });
    expect(network.values.get('c.bias')).toMatchObject({ dims: [4], from: ['c.bias'], transposed: false });
    expect(network.values.get('c.weights')).toMatchObject({ dims: [4, 3, 3, 3], from: ['c.weight'] });
  });

  it('does not take the constant of an Add whose other input is used elsewhere too', () => {
    const twice: Draw = (builder, input) => {
      const source = conv({})(builder, input);
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
      const source = conv({ pads: ints(1, 1, 1, 1) })(b, x);
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

describe('shapes', () => {
  /** `x.view(x.size(0), -1)` with a size that is not fixed, as PyTorch exports it. */
  const viewed: Draw = (b, x) => {
    const shape = b.node('shape', 'Shape', [x], 'shape.out');
    const first = b.node('pick', 'Gather', [shape, b.constant('zero', [], sizes(0))], 'pick.out');
    const listed = b.node('list', 'Unsqueeze', [first, b.constant('axes', [1], sizes(0))], 'list.out');
    const both = b.node('both', 'Concat', [listed, b.constant('open', [1], sizes(-1))], 'both.out', {
      axis: int(0),
    });
    return b.node('view', 'Reshape', [x, both], 'view.out');
  };

  it('recognizes a Reshape to computed sizes as Flatten', () => {
    const bytes = encodeSmall({ input: { name: 'x', dims: ['N', 3, 2, 2] } }, (b, x) => {
      const weights = b.constant('head.weight', [12, 2], numbers(24));
      return b.node('head', 'MatMul', [viewed(b, x), weights], 'logits');
    });
    const network = readOnnxFile(fileOf(bytes));
    expect(innerBlocks(network).map(({ kind }) => kind)).toEqual(['flatten']);
    expect(network.values.get('head.weights')).toMatchObject({ dims: [2, 12], transposed: true });
    const column = network.values.get('head.weights')?.read().subarray(12, 24);
    expect(Array.from(column ?? [])).toEqual(Array.from(numbers(24)).filter((_, index) => index % 2 === 1));
  });

  it('a network with channels last gives the same logits as one with channels first', () => {
    const kernel = numbers(4 * 3 * 9);
    const first = encodeSmall({ input: { name: 'x', dims: [1, 3, 4, 4] } }, (b, x) => {
      const weights = b.constant('c.weight', [4, 3, 3, 3], kernel);
      const made = b.node('c', 'Conv', [x, weights], 'c.out');
      const flat = b.node('f', 'Flatten', [made], 'f.out');
      return b.node('head', 'Gemm', [flat, b.constant('w', [16, 2], numbers(32))], 'logits');
    });
    const last = encodeSmall({ input: { name: 'x', dims: [1, 4, 4, 3] } }, (b, x) => {
      const turned = b.node('t1', 'Transpose', [x], 't1.out', { perm: ints(0, 3, 1, 2) });
      const made = b.node('c', 'Conv', [turned, b.constant('c.weight', [4, 3, 3, 3], kernel)], 'c.out');
      const back = b.node('t2', 'Transpose', [made], 't2.out', { perm: ints(0, 2, 3, 1) });
      const flat = b.node('f', 'Reshape', [back, b.constant('s', [2], sizes(1, 16))], 'f.out');
      // Row (h, w, c) of these weights is row (c, h, w) of the others.
      const rows = Array.from({ length: 16 }, (_, row) => (row % 4) * 4 + Math.floor(row / 4));
      const held = Float32Array.from(
        rows.flatMap((row) => Array.from(numbers(32).subarray(2 * row, 2 * row + 2))),
      );
      return b.node('head', 'Gemm', [flat, b.constant('w', [16, 2], held)], 'logits');
    });
    const [one, other] = [first, last].map((bytes) => readOnnxFile(fileOf(bytes)));
    const logits = (network: OnnxNetwork | undefined): number[] =>
      Array.from(foreignLogits(referenceBackend, must(network, 'a network'), numbers(96)));
    expect(logits(other)).toEqual(logits(one));
    expect(innerBlocks(must(other, 'a network')).map(({ kind }) => kind)).toEqual(['conv2d', 'flatten']);
  });

  it('a Concat that continues another one uses its block', () => {
    const network = read(9, (b, x) => {
      const two = b.node('j2', 'Concat', [x, x], 'j2.out', { axis: int(1) });
      const bent = b.node('r', 'Relu', [two], 'r.out');
      const gone = conv({ pads: ints(1, 1, 1, 1) }, [3, 6, 3, 3])(b, bent);
      return b.node('j3', 'Concat', [x, x, gone], 'j3.out', { axis: int(1) });
    });
    const concats = innerBlocks(network).filter(({ kind }) => kind === 'concat');
    expect(concats.map(({ params }) => params['inputs'])).toEqual([2, 2]);
    const wires = Object.entries(network.document.graph.wires);
    expect(wires).toContainEqual(['j3.in1', 'j2.out']);
  });
});

describe('the beginning and the end', () => {
  it('mean and deviation right behind the input are preprocessing', () => {
    const network = read(3, (b, x) => {
      const held = (name: string, values: number[]): string =>
        b.constant(name, [1, 3, 1, 1], Float32Array.from(values));
      const centred = b.node('sub', 'Sub', [x, held('mean', [0.485, 0.456, 0.406])], 'sub.out');
      return b.node('div', 'Div', [centred, held('std', [0.229, 0.224, 0.225])], 'div.out');
    });
    expect(innerBlocks(network)).toEqual([]);
    expect(network.preprocessing).toEqual({
      mean: [123.675, 116.28, 103.53],
      deviation: [58.395, 57.12, 57.375],
    });
    expect(network.notes.map(({ key }) => key)).toEqual(['onnxFiles.preparesImages']);
  });

  it('Rescaling of Keras is in byte units', () => {
    const network = read(3, (b, x) => withScalar(b, 'Sub', withScalar(b, 'Mul', x, 1 / 127.5), 1));
    expect(network.preprocessing).toEqual({ mean: [127.5, 127.5, 127.5], deviation: [127.5, 127.5, 127.5] });
  });

  it('a last Softmax is left out with a note, and further outputs too', () => {
    const outputs = ['p', 'logits'].map((name) => ({ name, dims: ['N', 2] }));
    const bytes = encodeSmall({ input: { name: 'x', dims: ['N', 3, 2, 2] }, outputs }, (b, x) => {
      const flat = b.node('f', 'Flatten', [x], 'f.out');
      const logits = b.node('head', 'Gemm', [flat, b.constant('w', [12, 2], numbers(24))], 'logits');
      return b.node('softmax', 'Softmax', [logits], 'p');
    });
    const network = readOnnxFile(fileOf(bytes));
    expect(innerBlocks(network).map(({ kind }) => kind)).toEqual(['flatten']);
    expect(network.notes.map(({ key }) => key)).toEqual([
      'onnxFiles.firstOutput',
      'onnxFiles.readoutDropped',
    ]);
  });

  it('takes 224 pixels where the size is open, and class names of the metadata', () => {
    const input = { name: 'x', dims: ['N', 3, 'H', 'W'] };
    const metadata = { names: "{0: 'cat', 1: 'dog'}" };
    const network = readOnnxFile(fileOf(encodeImageModel(3, (_b, x) => x, { input, metadata })));
    expect(network.document.graph.nodes).toMatchObject({ input: { params: { height: 224, width: 224 } } });
    expect(network.classNames).toEqual(['cat', 'dog']);
    expect(network.notes.map(({ key }) => key)).toEqual(['onnxFiles.openSize']);
  });

  it('lists the tensors that the logits do not depend on', () => {
    const network = read(3, (b, x) => {
      b.constant('aux.weight', [4, 3], numbers(12));
      return x;
    });
    expect(network.unexpected).toEqual(['aux.weight']);
  });

  it('names the first unknown operator and counts the others', () => {
    const draw: Draw = (b, x) => b.node('n2', 'Det', [b.node('n1', 'Einsum', [x], 'n1.out')], 'n2.out');
    expect(() => read(3, draw)).toThrow(/node n1 is a Einsum, .*without a block: 1/);
    expect(() => read(3, (b, x) => b.node('n1', 'Einsum', [x], 'n1.out'))).toThrow(
      /node n1 is a Einsum, which NormLab has no block for\./,
    );
  });
});
