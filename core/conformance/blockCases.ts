import type { Params } from '../document/schema.ts';
import { bodyCase, chainCase, type ConformanceCase } from './conformanceCase.ts';
import { widen } from './networks.ts';

const PADDED_UP: Params = { kernel: 3, stride: 2, padding: 'explicit', pad: 1, ceilMode: true };
const UNEVEN: Params = { kernel: 3, stride: 2, padding: 'explicit', asymmetric: true, pad: 0 };

const POOLS: readonly (readonly [string, Params])[] = [
  ['2x2 of an odd picture', {}],
  ['3x3 stride 2 padded 1', { kernel: 3, stride: 2, padding: 'explicit', pad: 1 }],
  ['3x3 stride 2 same', { kernel: 3, stride: 2, padding: 'same' }],
  ['3x3 stride 1 same', { kernel: 3, stride: 1, padding: 'same' }],
  ['2x2 stride 1, overlapping', { kernel: 2, stride: 1 }],
  ['2x2 stride 3, with gaps', { kernel: 2, stride: 3 }],
  ['2x2 rounded up', { ceilMode: true }],
  ['3x3 stride 2 padded 1, rounded up', PADDED_UP],
  ['4x4 stride 3, rounded up by more than one row', { kernel: 4, stride: 3, ceilMode: true }],
  ['2x2 stride 4 padded 1, no window beyond', { ...PADDED_UP, kernel: 2, stride: 4 }],
  ['3x3 stride 2 padded on two sides', { ...UNEVEN, padLeft: 0, padBottom: 2, padRight: 1 }],
  ['3x3 stride 2 padded unevenly, rounded up', { ...UNEVEN, padLeft: 2, padRight: 1, ceilMode: true }],
];

/** Sizes of input and output: windows that overlap, that are side by side, one, more than there are pixels. */
const ADAPTIVE: readonly (readonly [readonly [number, number], readonly [number, number]])[] = [
  [
    [5, 7],
    [3, 4],
  ],
  [
    [6, 4],
    [3, 2],
  ],
  [
    [6, 5],
    [3, 5],
  ],
  [
    [4, 5],
    [1, 1],
  ],
  [
    [4, 3],
    [7, 5],
  ],
  [
    [1, 1],
    [3, 2],
  ],
  [
    [13, 4],
    [5, 7],
  ],
  [
    [3, 4],
    [1, 3],
  ],
];

/** Pooling over odd images and odd channels. */
export const POOLING_CASES: readonly ConformanceCase[] = [
  ...['maxPool', 'avgPool'].flatMap((kind) =>
    POOLS.map(([name, params]) => chainCase(`${kind} ${name}`, [3, 7, 5], 2, widen(5), [kind, params])),
  ),
  chainCase('maxPool of 17 channels', [1, 6, 6], 5, widen(17), ['maxPool']),
  ...POOLS.filter(([, { padding = '', ceilMode = false }]) => padding !== '' || ceilMode).map(
    ([name, params]) =>
      chainCase(`avgPool ${name}, padding counted`, [3, 7, 5], 2, widen(5), [
        'avgPool',
        { ...params, countPadding: true },
      ]),
  ),
  chainCase('avgPool on the input itself', [3, 6, 6], 1, ['avgPool']),
  chainCase('globalAvgPool', [3, 5, 4], 2, widen(5), ['globalAvgPool']),
  chainCase('globalAvgPool of 17 channels', [1, 3, 3], 5, widen(17), ['globalAvgPool']),
  chainCase('pooling rounded up from less than the kernel', [3, 2, 2], 2, widen(5), [
    'maxPool',
    { kernel: 3, stride: 2, ceilMode: true },
  ]),
  ...ADAPTIVE.flatMap(([size, [height, width]]) =>
    [5, 17, 32].map((channels) =>
      chainCase(
        `adaptiveAvgPool of ${String(channels)} channels, ${size.join('x')} to ${String(height)}x${String(width)}`,
        [3, ...size],
        2,
        widen(channels),
        ['adaptiveAvgPool', { height, width }],
        ['conv2d', { filters: 3 }],
      ),
    ),
  ),
  chainCase('adaptiveAvgPool on the input itself', [3, 5, 7], 5, [
    'adaptiveAvgPool',
    { height: 3, width: 2 },
  ]),
];

/** Merges, branches, dropout and whole small networks. */
export const STRUCTURE_CASES: readonly ConformanceCase[] = [
  chainCase('dropout', [3, 6, 5], 2, widen(5), ['dropout', { rate: 0.4 }], ['conv2d', { filters: 3 }]),
  chainCase(
    'dropout of features',
    [1, 5, 5],
    5,
    ['flatten'],
    ['dropout', { rate: 0.2 }],
    ['dense'],
    ['dropout'],
  ),
  ...[5, 17, 32].map((channels) =>
    chainCase(
      `spatialDropout of ${String(channels)} channels`,
      [3, 6, 5],
      2,
      widen(channels),
      ['spatialDropout', { rate: 0.4 }],
      ['conv2d', { filters: 3 }],
    ),
  ),
  chainCase('spatialDropout on the input itself', [3, 5, 5], 5, ['spatialDropout'], ['tanh']),
  ...[5, 17, 32].map((channels) =>
    chainCase(
      `stochasticDepth of ${String(channels)} channels`,
      [3, 6, 5],
      5,
      widen(channels),
      ['stochasticDepth', { rate: 0.4 }],
      ['conv2d', { filters: 3 }],
    ),
  ),
  chainCase(
    'stochasticDepth on the input itself',
    [3, 5, 5],
    5,
    ['stochasticDepth', { rate: 0.6 }],
    ['tanh'],
  ),
  chainCase('stochasticDepth of features', [1, 4, 4], 5, ['flatten'], ['dense'], ['stochasticDepth']),
  bodyCase('residual block of stochastic depth', [3, 6, 6], 5, (add, input) => {
    const stem = add('relu6', [add('batchNorm', [add('conv2d', [input], { filters: 8, bias: false })])]);
    const branch = add('batchNorm', [add('conv2d', [stem], { filters: 8, groups: 8, bias: false })]);
    return add('globalAvgPool', [add('add', [add('stochasticDepth', [branch], { rate: 0.5 }), stem])]);
  }),
  bodyCase('add of two', [3, 5, 5], 2, (add, input) =>
    add('add', [add('conv2d', [input], { filters: 5 }), add('conv2d', [input], { filters: 5, kernel: 1 })]),
  ),
  bodyCase('add of three, one twice', [3, 4, 4], 1, (add, input) => {
    const a = add('tanh', [add('conv2d', [input], { filters: 5 })]);
    const b = add('conv2d', [input], { filters: 5, kernel: 1 });
    return add('add', [a, b, a], { inputs: 3 });
  }),
  bodyCase('concat of odd channels', [3, 4, 5], 2, (add, input) =>
    add(
      'concat',
      [
        add('conv2d', [input], { filters: 5 }),
        add('conv2d', [input], { filters: 1 }),
        add('conv2d', [input], { filters: 17, kernel: 1 }),
      ],
      { inputs: 3 },
    ),
  ),
  bodyCase('concat with the input and features', [1, 3, 3], 5, (add, input) => {
    const flat = add('flatten', [input]);
    return add('concat', [add('dense', [flat], { units: 7 }), flat]);
  }),
  bodyCase('concat of one tensor with itself', [3, 4, 4], 2, (add, input) => {
    const a = add('sigmoid', [add('conv2d', [input], { filters: 5 })]);
    return add('concat', [a, a]);
  }),
  bodyCase('output read by three', [3, 6, 6], 2, (add, input) => {
    const stem = add('relu', [add('batchNorm', [add('conv2d', [input], { filters: 5, bias: false })])]);
    const pooled = add('maxPool', [stem], { kernel: 3, stride: 1, padding: 'same' });
    return add('add', [stem, pooled, add('conv2d', [stem], { filters: 5 })], { inputs: 3 });
  }),
  bodyCase('residual block with projection', [3, 8, 8], 2, (add, input) => {
    const conv = { bias: false, filters: 8 };
    const stem = add('relu', [add('batchNorm', [add('conv2d', [input], { ...conv, filters: 5 })])]);
    const first = add('relu', [add('batchNorm', [add('conv2d', [stem], { ...conv, stride: 2 })])]);
    const second = add('batchNorm', [add('conv2d', [first], conv)]);
    const short = add('batchNorm', [
      add('conv2d', [stem], { ...conv, kernel: 1, stride: 2, padding: 'valid' }),
    ]);
    return add('globalAvgPool', [add('relu', [add('add', [second, short])])]);
  }),
  chainCase(
    'small network with BatchNorm',
    [1, 8, 8],
    5,
    ['conv2d', { filters: 8 }],
    ['batchNorm'],
    ['relu'],
    ['maxPool'],
  ),
];
