import type { Params } from '../document/schema.ts';
import { chainCase, type ConformanceCase } from './conformanceCase.ts';
import { widen } from './networks.ts';

function explicit(padY: number, padX: number): Params {
  return { padding: 'explicit', padY, padX };
}

/** Convolutions: windows, strides, paddings, dilation, groups, odd channels. */
export const CONVOLUTION_CASES: readonly ConformanceCase[] = [
  chainCase('conv 3x3 same', [3, 7, 6], 2, ['conv2d', { filters: 5 }]),
  chainCase('conv 3x3 same stride 2, asymmetric', [3, 8, 6], 1, ['conv2d', { filters: 5, stride: 2 }]),
  chainCase('conv 2x2 same, asymmetric', [1, 5, 5], 5, ['conv2d', { filters: 3, kernel: 2 }]),
  chainCase('conv 4x4 same stride 3', [3, 10, 11], 2, ['conv2d', { filters: 1, kernel: 4, stride: 3 }]),
  chainCase('conv 3x3 padded 2 and 1, stride 2', [3, 9, 7], 5, [
    'conv2d',
    { filters: 17, stride: 2, ...explicit(2, 1) },
  ]),
  ...[1, 2].map((stride) =>
    chainCase(`conv 3x3 stride ${String(stride)}, each side its own`, [3, 6, 7], 2, widen(16), [
      'conv2d',
      { filters: 17, stride, ...explicit(0, 2), asymmetric: true, padBottom: 3, padRight: 1 },
    ]),
  ),
  chainCase('conv depthwise 5x5 stride 2, each side its own', [3, 8, 7], 3, widen(16), [
    'conv2d',
    {
      ...{ filters: 16, groups: 16, kernel: 5, stride: 2, bias: false },
      ...{ ...explicit(1, 1), asymmetric: true, padBottom: 2, padRight: 2 },
    },
  ]),
  chainCase('conv 5x5 valid', [1, 8, 9], 2, ['conv2d', { filters: 5, kernel: 5, padding: 'valid' }]),
  chainCase('conv 3x3 dilation 2 same', [3, 9, 8], 2, ['conv2d', { filters: 5, dilation: 2 }]),
  chainCase('conv 3x3 dilation 3 stride 2', [3, 13, 12], 1, [
    'conv2d',
    { filters: 3, dilation: 3, stride: 2 },
  ]),
  chainCase('conv 1x1', [3, 5, 4], 5, ['conv2d', { filters: 17, kernel: 1 }]),
  chainCase('conv 1x1 stride 2, no bias', [3, 7, 7], 2, [
    'conv2d',
    { filters: 5, kernel: 1, stride: 2, padding: 'valid', bias: false },
  ]),
  chainCase('conv 17 to 17', [1, 5, 5], 2, widen(17), ['conv2d', { filters: 17 }]),
  chainCase('conv 1 to 1', [1, 4, 4], 1, ['conv2d', { filters: 1 }]),
  chainCase('conv 1x5', [3, 6, 7], 2, ['conv2d', { filters: 5, kernel: 1, rectangular: true, kernelX: 5 }]),
  chainCase('conv 4x1', [3, 6, 7], 2, ['conv2d', { filters: 3, kernel: 4, rectangular: true, kernelX: 1 }]),
  chainCase('conv 7x7 stride 2', [3, 16, 16], 1, [
    'conv2d',
    { filters: 8, kernel: 7, stride: 2, ...explicit(3, 3) },
  ]),
  chainCase('conv 3x3 stride 2 beside a picture one pixel wide', [3, 4, 1], 2, widen(16), [
    'conv2d',
    { filters: 16, stride: 2 },
  ]),
  chainCase('conv 2x2 stride 2 beside one pixel, groups 2', [1, 1, 1], 2, widen(16), [
    'conv2d',
    { filters: 4, kernel: 2, stride: 2, groups: 2 },
  ]),
  chainCase('conv kernel as large as the picture', [3, 4, 4], 2, [
    'conv2d',
    { filters: 5, kernel: 4, padding: 'valid' },
  ]),
  chainCase('conv groups 3 of 3', [3, 6, 5], 2, ['conv2d', { filters: 9, groups: 3 }]),
  chainCase('conv groups 2 of 6', [1, 6, 5], 2, widen(6), ['conv2d', { filters: 10, groups: 2, stride: 2 }]),
  chainCase('conv depthwise 5', [3, 7, 6], 2, widen(5), ['conv2d', { filters: 5, groups: 5 }]),
  chainCase('conv depthwise 17 stride 2', [1, 8, 8], 1, widen(17), [
    'conv2d',
    { filters: 17, groups: 17, stride: 2 },
  ]),
  ...[1, 2].flatMap((stride) =>
    [3, 5].flatMap((kernel) =>
      [8, 20, 24].map((channels) => {
        const name = `conv depthwise ${String(channels)}, ${String(kernel)}x${String(kernel)} stride ${String(stride)}`;
        const params = { filters: channels, groups: channels, kernel, stride };
        return chainCase(name, [3, 9, 7], 2, widen(channels), ['conv2d', params], ['batchNorm'], widen(16));
      }),
    ),
  ),
  chainCase('conv depthwise, two filters a channel', [3, 6, 6], 5, [
    'conv2d',
    { filters: 6, groups: 3, bias: false },
  ]),
  chainCase('conv 32 to 64, blocked layouts', [3, 8, 8], 2, widen(32), ['conv2d', { filters: 64 }]),
  chainCase(
    'conv after conv',
    [3, 6, 6],
    2,
    ['conv2d', { filters: 5 }],
    ['conv2d', { filters: 3, stride: 2 }],
  ),
];

/** Dense blocks: odd widths, no bias, no hidden layer. */
export const DENSE_CASES: readonly ConformanceCase[] = [
  chainCase('dense alone', [1, 5, 3], 5),
  chainCase('dense 17', [3, 2, 2], 2, ['flatten'], ['dense', { units: 17 }]),
  chainCase('dense 1', [1, 1, 5], 5, ['flatten'], ['dense', { units: 1 }]),
  chainCase('dense 5 without bias', [1, 3, 3], 1, ['flatten'], ['dense', { units: 5, bias: false }]),
  chainCase('dense 64 to 33', [1, 8, 8], 2, ['flatten'], ['dense', { units: 64 }], ['dense', { units: 33 }]),
];
