import type { Params } from '../document/schema.ts';
import { bodyCase, chainCase, type ConformanceCase } from './conformanceCase.ts';
import { widen, type Link } from './networks.ts';

const PIXELS: Params = { over: 'eachPixel' };
const BY_CHANNEL: Params = { affine: 'eachChannel' };

const NORMS: readonly (readonly [string, Link])[] = [
  ['layerNorm', ['layerNorm']],
  ['layerNorm, gamma a channel', ['layerNorm', BY_CHANNEL]],
  ['layerNorm at each pixel', ['layerNorm', PIXELS]],
  ['groupNorm', ['groupNorm', { groups: 4 }]],
  ['instanceNorm', ['instanceNorm']],
];

/**
 * Cases that cover the layouts: channels last, channel blocks with and without padding, and canonical order on the
 * input.
 */
const LAYOUT_CASES: readonly ConformanceCase[] = NORMS.flatMap(([name, link]) => [
  ...[8, 20, 32].map((channels) =>
    chainCase(`${name} of ${String(channels)} channels`, [3, 5, 4], 2, widen(channels), link),
  ),
  chainCase(`${name} behind a convolution`, [3, 6, 5], 5, ['conv2d', { filters: 16 }], link, [
    'conv2d',
    { filters: 4 },
  ]),
]);

const AFFINE_CASES: readonly ConformanceCase[] = NORMS.flatMap(([name, [kind, params]]) =>
  [
    { gamma: false, beta: false },
    { gamma: true, beta: false },
    { gamma: false, beta: true },
  ].map((affine) =>
    chainCase(
      `${name}, gamma ${String(affine.gamma)}, beta ${String(affine.beta)}`,
      [3, 5, 4],
      2,
      widen(12),
      [kind, { ...params, ...affine, epsilon: 1e-3 }],
    ),
  ),
);

/** LayerNorm, GroupNorm and InstanceNorm in every layout, with and without gamma and beta, for images and vectors. */
export const SAMPLE_NORM_CASES: readonly ConformanceCase[] = [
  ...LAYOUT_CASES,
  ...AFFINE_CASES,
  chainCase('layerNorm on the input itself', [3, 5, 4], 2, ['layerNorm']),
  chainCase('layerNorm at each pixel on the input itself', [3, 5, 4], 2, ['layerNorm', PIXELS]),
  chainCase('instanceNorm on the input itself', [3, 5, 4], 2, ['instanceNorm']),
  chainCase('groupNorm of three groups on the input itself', [3, 5, 4], 2, ['groupNorm', { groups: 3 }]),
  ...[{}, PIXELS, BY_CHANNEL].map((params) =>
    chainCase(
      `layerNorm of features, ${JSON.stringify(params)}`,
      [1, 4, 3],
      5,
      ['flatten'],
      ['dense', { units: 17 }],
      ['layerNorm', params],
    ),
  ),
  chainCase(
    'groupNorm of features',
    [1, 4, 3],
    5,
    ['flatten'],
    ['dense', { units: 18 }],
    ['groupNorm', { groups: 3 }],
  ),
  chainCase('layerNorm, batch of one', [3, 5, 4], 1, widen(8), ['layerNorm'], ['relu']),
  chainCase('groupNorm of one pixel', [3, 1, 1], 5, widen(12), ['groupNorm', { groups: 3 }]),
  bodyCase('instanceNorm read twice', [3, 5, 5], 2, (add, input) => {
    const norm = add('instanceNorm', [add('conv2d', [input], { filters: 8, bias: false })]);
    return add('add', [add('tanh', [norm]), norm]);
  }),
];
