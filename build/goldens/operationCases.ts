import type { Link } from '#core/conformance/networks.ts';
import type { Params } from '#core/document/schema.ts';
import type { Shape } from '#core/program/shape.ts';
import { bodyCase, chainCase, type GoldenCase } from './goldenCase.ts';

const explicit = (padY: number, padX: number): Params => ({ padding: 'explicit', padY, padX });

function conv(name: string, inputShape: Shape, params: Params): GoldenCase {
  return chainCase('conv2d', `conv ${name}`, inputShape, [['conv2d', params]]);
}

const CONVOLUTIONS: readonly GoldenCase[] = [
  conv('3x3 same', [3, 5, 4], { filters: 4 }),
  conv('3x3 same stride 2, asymmetric', [3, 6, 6], { filters: 4, stride: 2 }),
  conv('2x2 same, asymmetric', [1, 5, 5], { filters: 3, kernel: 2 }),
  conv('3x3 padded 2 and 1, stride 2', [3, 7, 6], { filters: 5, stride: 2, ...explicit(2, 1) }),
  conv('3x3 stride 2, each side its own', [3, 6, 7], {
    ...{ filters: 4, stride: 2, asymmetric: true, padBottom: 3, padRight: 1, ...explicit(0, 2) },
  }),
  conv('5x5 valid', [1, 7, 8], { filters: 3, kernel: 5, padding: 'valid' }),
  conv('3x3 dilation 2', [3, 7, 6], { filters: 3, dilation: 2 }),
  conv('3x3 dilation 2 stride 2, padded 3', [3, 8, 8], {
    filters: 3,
    dilation: 2,
    stride: 2,
    ...explicit(3, 3),
  }),
  conv('1x1 without bias', [3, 4, 4], { filters: 6, kernel: 1, bias: false }),
  conv('1x1 stride 2', [3, 7, 5], { filters: 5, kernel: 1, stride: 2, padding: 'valid' }),
  conv('1x5', [3, 4, 7], { filters: 3, kernel: 1, rectangular: true, kernelX: 5 }),
  conv('4x1 stride 3', [3, 9, 4], { filters: 3, kernel: 4, rectangular: true, kernelX: 1, stride: 3 }),
  conv('kernel as large as the picture', [3, 4, 4], { filters: 4, kernel: 4, padding: 'valid' }),
  conv('3 groups', [3, 5, 4], { filters: 9, groups: 3 }),
  conv('depthwise', [3, 5, 5], { filters: 3, groups: 3 }),
  conv('depthwise, two filters a channel, stride 2', [3, 6, 5], {
    filters: 6,
    groups: 3,
    stride: 2,
    bias: false,
  }),
  conv('7x7 stride 2', [3, 11, 11], { filters: 4, kernel: 7, stride: 2, ...explicit(3, 3) }),
  chainCase(
    'conv2d',
    'conv 16 to 16',
    [3, 4, 4],
    [
      ['conv2d', { filters: 16, kernel: 1, bias: false }],
      ['conv2d', { filters: 16 }],
    ],
  ),
  chainCase(
    'conv2d',
    'conv depthwise of 16',
    [3, 5, 5],
    [
      ['conv2d', { filters: 16, kernel: 1, bias: false }],
      ['conv2d', { filters: 16, groups: 16 }],
    ],
  ),
];

function transposed(name: string, inputShape: Shape, params: Params): GoldenCase {
  return chainCase('convTranspose2d', `convTranspose ${name}`, inputShape, [['convTranspose2d', params]]);
}

const TRANSPOSED: readonly GoldenCase[] = [
  transposed('4x4 stride 2 same', [3, 3, 4], { filters: 4 }),
  transposed('3x3 stride 2 padded 1, output padding 1', [3, 4, 3], {
    ...{ filters: 3, kernel: 3, stride: 2, outputPadding: 1, ...explicit(1, 1) },
  }),
  transposed('3x3 stride 2, each side its own, output padding 1', [3, 4, 3], {
    ...{ filters: 3, kernel: 3, outputPadding: 1, asymmetric: true, padBottom: 0, padRight: 2 },
    ...explicit(1, 0),
  }),
  transposed('3x3 valid, dilation 2', [3, 3, 3], {
    filters: 2,
    kernel: 3,
    stride: 1,
    padding: 'valid',
    dilation: 2,
  }),
  transposed('3x3 stride 2 same, 3 groups', [3, 3, 4], { filters: 6, kernel: 3, groups: 3, bias: false }),
];

function dense(name: string, inputShape: Shape, params: Params, batch: number): GoldenCase {
  return chainCase('dense', `dense ${name}`, inputShape, [['flatten'], ['dense', params]], { batch });
}

const DENSE: readonly GoldenCase[] = [
  dense('12 to 7', [3, 2, 2], { units: 7 }, 3),
  dense('to two units', [1, 1, 5], { units: 2 }, 5),
  dense('without bias', [1, 3, 3], { units: 5, bias: false }, 1),
  dense('64 to 17', [1, 8, 8], { units: 17 }, 2),
];

const PADDED: Params = { kernel: 2, stride: 2, padding: 'explicit', pad: 1 };
const UNEVEN: Params = {
  ...{ kernel: 3, stride: 2, padding: 'explicit', asymmetric: true },
  ...{ pad: 0, padLeft: 2, padBottom: 1, padRight: 1 },
};

const POOLS: readonly (readonly [string, Params])[] = [
  ['2x2 of an odd picture', {}],
  ['3x3 stride 2 padded 1', { kernel: 3, stride: 2, padding: 'explicit', pad: 1 }],
  ['3x3 stride 2 same', { kernel: 3, stride: 2, padding: 'same' }],
  ['2x2 stride 1, overlapping', { kernel: 2, stride: 1 }],
  ['2x2 stride 3, with gaps', { kernel: 2, stride: 3 }],
  ['2x2 rounded up', { ceilMode: true }],
  ['3x3 stride 2 padded 1, rounded up', { ...PADDED, kernel: 3, ceilMode: true }],
  ['2x2 padded 1, rounded up', { ...PADDED, ceilMode: true }],
  ['4x4 stride 3, rounded up', { kernel: 4, stride: 3, ceilMode: true }],
  ['3x3 stride 2, each side its own, rounded up', { ...UNEVEN, ceilMode: true }],
];
/** Pools whose windows reach beyond their padding, which then counts in the mean or does not. */
const COUNTED: readonly (readonly [string, Params])[] = [
  ['3x3 stride 2 padded 1', { ...PADDED, kernel: 3 }],
  ['3x3 stride 2 padded 1, rounded up', { ...PADDED, kernel: 3, ceilMode: true }],
  ['4x4 stride 3 padded 2, rounded up', { ...PADDED, kernel: 4, stride: 3, pad: 2, ceilMode: true }],
  ['4x4 stride 3, rounded up', { kernel: 4, stride: 3, ceilMode: true }],
  ['3x3 stride 2, each side its own, rounded up', { ...UNEVEN, ceilMode: true }],
];
/** Sizes to which 7 x 5, 4 x 13 and 2 x 3 pixels are pooled. */
const ADAPTIVE: readonly (readonly [Shape, height: number, width: number])[] = [
  [[3, 7, 5], 1, 1],
  [[3, 7, 5], 3, 2],
  [[3, 4, 13], 7, 5],
  [[3, 4, 12], 2, 3],
  [[3, 2, 3], 5, 7],
];

const POOLING: readonly GoldenCase[] = [
  ...['maxPool', 'avgPool'].flatMap((kind) =>
    POOLS.map(([name, params]) => chainCase(kind, `${kind} ${name}`, [3, 7, 5], [[kind, params]])),
  ),
  ...COUNTED.map(([name, params]) =>
    chainCase(
      'avgPool',
      `avgPool ${name}, padding counted`,
      [3, 6, 8],
      [['avgPool', { ...params, countPadding: true }]],
    ),
  ),
  ...ADAPTIVE.map(([shape, height, width]) =>
    chainCase(
      'adaptiveAvgPool',
      `adaptiveAvgPool ${shape.slice(1).join('x')} to ${String(height)}x${String(width)}`,
      shape,
      [['adaptiveAvgPool', { height, width }]],
    ),
  ),
  chainCase('globalAvgPool', 'globalAvgPool', [3, 5, 4], [['globalAvgPool']]),
];

/** From -4 to 4: HardSwish has a kink at 3. */
const activation = (kind: string, params: Params = {}, name = kind): GoldenCase =>
  chainCase('activations', name, [3, 4, 4], [[kind, params]], { scale: 4 });

const ACTIVATIONS: readonly GoldenCase[] = [
  ...['relu', 'leakyRelu', 'elu', 'gelu', 'silu', 'hardSwish', 'sigmoid', 'hardSigmoid', 'tanh'].map((kind) =>
    activation(kind),
  ),
  chainCase('activations', 'relu6', [3, 4, 4], [['relu6']], { scale: 8 }),
  activation('leakyRelu', { alpha: 0.3 }, 'leakyRelu alpha 0.3'),
  activation('elu', { alpha: 0.5 }, 'elu alpha 0.5'),
  activation('gelu', { form: 'tanh' }, 'gelu by tanh'),
  activation('prelu'),
  activation('prelu', { shared: true }, 'prelu with one slope'),
  activation('softmax', {}, 'softmax of channels'),
  chainCase('activations', 'softmax of features', [1, 3, 4], [['flatten'], ['softmax']], { scale: 4 }),
  chainCase('activations', 'gelu of features', [1, 4, 4], [['flatten'], ['gelu']], { scale: 4 }),
];

const MERGES: readonly GoldenCase[] = [
  bodyCase('merges', 'add of three, one twice', [3, 4, 4], (add, input) => {
    const a = add('tanh', [add('conv2d', [input], { filters: 4 })]);
    return add('add', [a, add('conv2d', [input], { filters: 4, kernel: 1 }), a], { inputs: 3 });
  }),
  bodyCase('merges', 'concat of three', [3, 4, 3], (add, input) =>
    add(
      'concat',
      [add('conv2d', [input], { filters: 5 }), input, add('conv2d', [input], { filters: 1, kernel: 1 })],
      { inputs: 3 },
    ),
  ),
  bodyCase('merges', 'concat of features', [1, 3, 3], (add, input) => {
    const flat = add('flatten', [input]);
    return add('concat', [add('dense', [flat], { units: 7 }), flat]);
  }),
  bodyCase('merges', 'residual block with projection', [3, 6, 6], (add, input) => {
    const conv: Params = { bias: false, filters: 4 };
    const first = add('relu', [add('batchNorm', [add('conv2d', [input], { ...conv, stride: 2 })])]);
    const second = add('batchNorm', [add('conv2d', [first], conv)]);
    const project = add('conv2d', [input], { ...conv, kernel: 1, stride: 2, padding: 'valid' });
    return add('relu', [add('add', [second, add('batchNorm', [project])])]);
  }),
];

const IMAGES: readonly (readonly [string, string, Params])[] = [
  ['upsample nearest', 'upsample', { factor: 2 }],
  ['upsample bilinear', 'upsample', { factor: 2, interpolation: 'bilinear' }],
  ['upsample bilinear by 3', 'upsample', { factor: 3, interpolation: 'bilinear' }],
  ['pad with a constant', 'pad', { top: 1, bottom: 0, left: 2, right: 1, value: 0.5 }],
  ['pad reflected', 'pad', { border: 'reflect', top: 2, bottom: 1, left: 1, right: 2 }],
  ['pad replicated', 'pad', { border: 'replicate', top: 2, bottom: 1, left: 1, right: 3 }],
  ['reshape to a picture', 'reshape', { channels: 4, height: 3, width: 3 }],
];

const SHAPES: readonly GoldenCase[] = [
  ...IMAGES.map(([name, kind, params]) => chainCase('shapes', name, [3, 4, 3], [[kind, params]])),
  bodyCase('merges', 'multiply of three, one twice', [3, 4, 3], (add, input) => {
    const a = add('sigmoid', [add('conv2d', [input], { filters: 4 })]);
    return add('multiply', [a, add('conv2d', [input], { filters: 4, kernel: 1 }), a], { inputs: 3 });
  }),
  bodyCase('merges', 'squeeze and excitation by 1x1 convolutions', [3, 4, 4], (add, input) => {
    const stem = add('conv2d', [input], { filters: 4 });
    const squeezed = add('silu', [
      add('conv2d', [add('reshape', [add('globalAvgPool', [stem])])], { filters: 2, kernel: 1 }),
    ]);
    const gate = add('hardSigmoid', [add('conv2d', [squeezed], { filters: 4, kernel: 1 })]);
    return add('multiply', [stem, gate]);
  }),
  bodyCase('merges', 'multiply by a gate a channel', [3, 4, 4], (add, input) => {
    const stem = add('conv2d', [input], { filters: 4 });
    const gate = add('sigmoid', [add('dense', [add('globalAvgPool', [stem])], { units: 4 })]);
    return add('multiply', [stem, gate]);
  }),
];

const LOSS: readonly Link[] = [['flatten'], ['dense', { units: 5 }], ['tanh']];
const LOSSES: readonly GoldenCase[] = [
  chainCase('loss', 'cross-entropy, samples left out', [1, 3, 3], LOSS, { batch: 5, someLabels: true }),
  chainCase('loss', 'cross-entropy, label smoothing', [1, 3, 3], LOSS, {
    batch: 5,
    options: { labelSmoothing: 0.1 },
  }),
  chainCase('loss', 'cross-entropy, both', [1, 3, 3], LOSS, {
    batch: 5,
    someLabels: true,
    options: { labelSmoothing: 0.3 },
  }),
];

/** Every operation at least once; batch normalization has a file of its own. */
export const OPERATION_CASES: readonly GoldenCase[] = [
  ...CONVOLUTIONS,
  ...TRANSPOSED,
  ...DENSE,
  ...POOLING,
  ...ACTIVATIONS,
  ...MERGES,
  ...SHAPES,
  ...LOSSES,
];
