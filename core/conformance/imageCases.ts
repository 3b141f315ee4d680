import { bodyCase, chainCase, type ConformanceCase } from './conformanceCase.ts';
import { widen } from './networks.ts';

/** Transposed convolutions: windows, strides, padding, output padding, dilation, groups, odd channels. */
export const TRANSPOSED_CASES: readonly ConformanceCase[] = [
  chainCase('transposed 4x4 stride 2', [3, 4, 5], 2, ['convTranspose2d', { filters: 5 }]),
  chainCase('transposed 3x3 stride 2 same, asymmetric', [3, 5, 4], 5, [
    'convTranspose2d',
    { filters: 17, kernel: 3 },
  ]),
  chainCase('transposed 2x2 stride 3 same, with gaps', [1, 3, 4], 2, [
    'convTranspose2d',
    { filters: 3, kernel: 2, stride: 3 },
  ]),
  chainCase('transposed 3x3 stride 1 valid', [3, 4, 4], 2, [
    'convTranspose2d',
    { filters: 5, kernel: 3, stride: 1, padding: 'valid', bias: false },
  ]),
  chainCase('transposed 3x3 stride 2 padded 1, output padding 1', [3, 5, 4], 2, [
    'convTranspose2d',
    { filters: 8, kernel: 3, padding: 'explicit', outputPadding: 1 },
  ]),
  chainCase('transposed 5x2 stride 3 padded 2 and 0, output padding 2', [1, 4, 3], 5, [
    'convTranspose2d',
    {
      ...{ filters: 6, kernel: 5, rectangular: true, kernelX: 2, stride: 3 },
      ...{ padding: 'explicit', padY: 2, padX: 0, outputPadding: 2 },
    },
  ]),
  chainCase('transposed 3x3 stride 2, each side its own', [1, 5, 4], 2, widen(17), [
    'convTranspose2d',
    {
      ...{ filters: 5, kernel: 3, padding: 'explicit', asymmetric: true, outputPadding: 1 },
      ...{ padY: 2, padX: 0, padBottom: 0, padRight: 1 },
    },
  ]),
  chainCase('transposed 3x3 dilation 2', [3, 4, 5], 1, [
    'convTranspose2d',
    { filters: 5, kernel: 3, dilation: 2 },
  ]),
  chainCase('transposed 1x1 stride 2, no bias', [3, 4, 4], 2, [
    'convTranspose2d',
    { filters: 4, kernel: 1, bias: false },
  ]),
  chainCase('transposed groups 3 of 3', [3, 4, 5], 2, ['convTranspose2d', { filters: 9, groups: 3 }]),
  chainCase('transposed groups 2 of 6', [1, 4, 3], 5, widen(6), [
    'convTranspose2d',
    { filters: 10, groups: 2, kernel: 3 },
  ]),
  chainCase('transposed depthwise 17', [1, 4, 4], 2, widen(17), [
    'convTranspose2d',
    { filters: 17, groups: 17 },
  ]),
  chainCase('transposed 2x4 stride 3, cut to one column', [3, 3, 1], 2, widen(16), [
    'convTranspose2d',
    {
      ...{ filters: 16, kernel: 2, rectangular: true, kernelX: 4, stride: 3 },
      ...{ padding: 'explicit', padY: 1, padX: 1 },
    },
  ]),
  chainCase('transposed 32 to 16, blocked layouts', [3, 3, 3], 1, widen(32), [
    'convTranspose2d',
    { filters: 16 },
  ]),
  chainCase(
    'encoder and decoder',
    [3, 4, 6],
    5,
    ['conv2d', { filters: 8, stride: 2, bias: false }],
    ['batchNorm'],
    ['relu'],
    ['convTranspose2d', { filters: 6, bias: false }],
    ['batchNorm'],
    ['silu'],
    ['conv2d', { filters: 3 }],
  ),
];

/** Upsampling, padding and reshaping. */
export const RESIZING_CASES: readonly ConformanceCase[] = [
  ...(['nearest', 'bilinear'] as const).flatMap((interpolation) => [
    chainCase(`upsample ${interpolation}`, [3, 4, 5], 2, widen(5), ['upsample', { interpolation }]),
    chainCase(`upsample ${interpolation} by 3 of 17 channels`, [1, 3, 4], 5, widen(17), [
      'upsample',
      { interpolation, factor: 3 },
    ]),
    chainCase(
      `upsample ${interpolation} the input, between convolutions`,
      [3, 4, 3],
      1,
      ['upsample', { interpolation }],
      ['conv2d', { filters: 16, stride: 2 }],
      ['upsample', { interpolation, factor: 2 }],
      ['conv2d', { filters: 3 }],
    ),
    chainCase(`upsample ${interpolation} one pixel`, [3, 1, 1], 2, [
      'upsample',
      { interpolation, factor: 4 },
    ]),
  ]),
  ...(['fill', 'reflect', 'replicate'] as const).flatMap((border) => [
    chainCase(`pad ${border} by 1`, [3, 4, 5], 2, widen(5), ['pad', { border, value: -0.5 }]),
    chainCase(`pad ${border}, each side its own`, [1, 5, 4], 5, widen(17), [
      'pad',
      { border, value: 2, top: 0, bottom: 3, left: 2, right: 1 },
    ]),
    chainCase(
      `pad ${border} between convolutions of blocked layouts`,
      [1, 4, 4],
      1,
      ['conv2d', { filters: 16 }],
      ['pad', { border, top: 2, bottom: 2, left: 2, right: 2 }],
      ['conv2d', { filters: 16, stride: 2, padding: 'valid' }],
    ),
    chainCase(
      `pad ${border} the input`,
      [3, 4, 4],
      1,
      ['pad', { border, value: 0.25 }],
      ['conv2d', { filters: 4, padding: 'valid' }],
    ),
  ]),
  chainCase('pad replicate one pixel of five channels', [1, 1, 1], 2, widen(5), [
    'pad',
    { border: 'replicate' },
  ]),
  chainCase('pad replicate beyond the size', [3, 2, 2], 2, ['pad', { border: 'replicate', top: 5, left: 4 }]),
  chainCase(
    'reshape to other pictures',
    [3, 4, 6],
    2,
    widen(5),
    ['reshape', { channels: 10, height: -1, width: 4 }],
    ['conv2d', { filters: 4 }],
  ),
  chainCase(
    'reshape to a vector and back',
    [1, 4, 6],
    5,
    ['reshape', { to: 'vector' }],
    ['dense', { units: 18 }],
    ['reshape', { channels: 2, height: 3, width: -1 }],
    ['conv2d', { filters: 3 }],
  ),
];

/** Products: whole tensors, gates of channels and pixels, squeeze-and-excitation. */
export const PRODUCT_CASES: readonly ConformanceCase[] = [
  bodyCase('multiply of two', [3, 5, 4], 2, (add, input) =>
    add('multiply', [
      add('conv2d', [input], { filters: 5 }),
      add('conv2d', [input], { filters: 5, kernel: 1 }),
    ]),
  ),
  bodyCase('multiply of three, one twice', [3, 4, 4], 1, (add, input) => {
    const a = add('tanh', [add('conv2d', [input], { filters: 5 })]);
    const b = add('conv2d', [input], { filters: 5, kernel: 1 });
    return add('multiply', [a, b, a], { inputs: 3 });
  }),
  bodyCase('multiply a tensor by itself', [3, 4, 4], 2, (add, input) => {
    const a = add('conv2d', [input], { filters: 17 });
    return add('multiply', [a, a]);
  }),
  bodyCase('multiply of features', [1, 3, 3], 5, (add, input) => {
    const flat = add('flatten', [input]);
    return add('multiply', [add('dense', [flat], { units: 9 }), add('sigmoid', [flat])]);
  }),
  bodyCase('squeeze and excitation, 16 channels', [3, 6, 5], 2, (add, input) => {
    const stem = add('silu', [add('batchNorm', [add('conv2d', [input], { filters: 16, bias: false })])]);
    const squeezed = add('silu', [add('dense', [add('globalAvgPool', [stem])], { units: 4 })]);
    const gate = add('sigmoid', [add('dense', [squeezed], { units: 16 })]);
    return add('conv2d', [add('multiply', [stem, gate])], { filters: 4 });
  }),
  bodyCase('squeeze and excitation, 17 channels, gate first and as a picture', [1, 5, 4], 5, (add, input) => {
    const stem = add('conv2d', [input], { filters: 17 });
    const gate = add('sigmoid', [add('dense', [add('globalAvgPool', [stem])], { units: 17 })]);
    return add('multiply', [add('reshape', [gate]), stem]);
  }),
  bodyCase(
    'squeeze and excitation by convolutions: inverted residual of MobileNetV3',
    [3, 6, 5],
    3,
    (add, input) => {
      const norm = { epsilon: 1e-3 };
      const wide = add('hardSwish', [
        add('batchNorm', [add('conv2d', [input], { filters: 24, kernel: 1 })], norm),
      ]);
      const deep = add('conv2d', [wide], { filters: 24, groups: 24, stride: 2, bias: false });
      const stem = add('hardSwish', [add('batchNorm', [deep], norm)]);
      const mean = add('reshape', [add('globalAvgPool', [stem])]);
      const squeezed = add('tanh', [add('conv2d', [mean], { filters: 7, kernel: 1 })]);
      const gate = add('hardSigmoid', [add('conv2d', [squeezed], { filters: 24, kernel: 1 })]);
      return add('conv2d', [add('multiply', [stem, gate])], { filters: 5, kernel: 1 });
    },
  ),
  bodyCase('squeeze and excitation by AdaptiveAvgPool, 17 channels', [1, 5, 4], 5, (add, input) => {
    const stem = add('conv2d', [input], { filters: 17 });
    const squeezed = add('silu', [
      add('conv2d', [add('adaptiveAvgPool', [stem])], { filters: 4, kernel: 1 }),
    ]);
    const gate = add('sigmoid', [add('conv2d', [squeezed], { filters: 17, kernel: 1 })]);
    return add('multiply', [gate, stem]);
  }),
  bodyCase('multiply by gates of channels, pixels and the sample', [3, 5, 4], 2, (add, input) => {
    const stem = add('tanh', [add('conv2d', [input], { filters: 5 })]);
    const channels = add('sigmoid', [add('dense', [add('globalAvgPool', [stem])], { units: 5 })]);
    const pixels = add('sigmoid', [add('conv2d', [stem], { filters: 1 })]);
    const sample = add('reshape', [add('dense', [add('globalAvgPool', [stem])], { units: 1 })]);
    return add('multiply', [channels, stem, pixels, sample], { inputs: 4 });
  }),
  bodyCase('multiply a row of channels by a plane of pixels', [3, 4, 4], 5, (add, input) => {
    const channels = add('dense', [add('globalAvgPool', [input])], { units: 6 });
    return add('multiply', [channels, add('conv2d', [input], { filters: 1 })]);
  }),
  bodyCase('multiply the input by a gate', [3, 4, 4], 2, (add, input) =>
    add('multiply', [input, add('dense', [add('globalAvgPool', [input])], { units: 3 })]),
  ),
];
