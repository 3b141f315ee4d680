import type { Params } from '#core/document/schema.ts';
import { BATCH_NORM_PRESETS } from '#core/nodes/batchNormPresets.ts';
import { chainCase, type GoldenCase } from './goldenCase.ts';

/** On the input itself: `[3, 4, 5]`, batch 2, so m = 40. */
const perChannel = (name: string, params: Params, batch = 2): GoldenCase =>
  chainCase('batchNorm', `batchNorm per channel, ${name}`, [3, 4, 5], [['batchNorm', params]], { batch });

/** On features: m is the batch size. */
const perFeature = (name: string, params: Params, batch = 5): GoldenCase =>
  chainCase('batchNorm', `batchNorm per feature, ${name}`, [1, 2, 3], [['flatten'], ['batchNorm', params]], {
    batch,
  });

const { frozen, affineOnly } = BATCH_NORM_PRESETS;
const STORED_AND_UPDATED: Params = { normalizeBy: 'stored' };

/** Renormalization at its bounds from the first step. */
const RENORM: Params = { renorm: true, renormStart: 0, renormEndR: 0, renormEndD: 0 };

const MODES: readonly (readonly [string, Params])[] = [
  ['batch statistics', {}],
  ['biased, decay 0.7, eps 1e-3', { variance: 'biased', decay: 0.7, epsilon: 1e-3 }],
  ['decay 0', { decay: 0 }],
  ['decay 1', { decay: 1 }],
  ['frozen', { ...frozen.switches }],
  ['gamma and beta alone', { ...affineOnly.switches }],
  ['stored and updated', STORED_AND_UPDATED],
  ['gamma fixed', { trainGamma: false }],
  ['beta fixed', { trainBeta: false }],
  ['cumulative', { averaging: 'cumulative', decay: 1 }],
  ['renorm', RENORM],
  ['renorm, bounds reached', { ...RENORM, renormMaxR: 1.05, renormMaxD: 0.05 }],
  ['renorm before its ramps', { renorm: true, renormStart: 1 }],
  ['nothing stored', { updateStatistics: false }],
];

/** Batch normalization in all its modes, per channel and per feature. */
export const NORMALIZATION_CASES: readonly GoldenCase[] = [
  ...MODES.map(([name, params]) => perChannel(name, params)),
  ...MODES.map(([name, params]) => perFeature(name, params)),
  perChannel('groups of two', { ghostSize: 2 }, 4),
  perChannel('groups of two, a remainder', { ghostSize: 2, variance: 'biased' }, 5),
  perChannel('a group larger than the batch', { ghostSize: 8 }),
  perChannel('groups of two, renorm', { ...RENORM, ghostSize: 2 }, 4),
  perFeature('groups of three, a remainder', { ghostSize: 3, epsilon: 0.01 }, 7),
  perChannel('batch of one', {}, 1),
  perFeature('batch of two, eps 0.1', { epsilon: 0.1 }, 2),
  chainCase(
    'batchNorm',
    'convolution, batchNorm, ReLU',
    [3, 5, 4],
    [['conv2d', { filters: 5, bias: false }], ['batchNorm'], ['relu'], ['conv2d', { filters: 3 }]],
  ),
  chainCase(
    'batchNorm',
    'dense with bias, batchNorm, sigmoid',
    [1, 3, 3],
    [['flatten'], ['dense', { units: 6 }], ['batchNorm'], ['sigmoid']],
    { batch: 5 },
  ),
];

const SAMPLE_NORMS: readonly (readonly [string, string, Params])[] = [
  ['layerNorm', 'layerNorm', {}],
  ['layerNorm, gamma a channel', 'layerNorm', { affine: 'eachChannel' }],
  ['layerNorm at each pixel', 'layerNorm', { over: 'eachPixel' }],
  ['groupNorm of three groups', 'groupNorm', { groups: 3 }],
  ['instanceNorm, eps 1e-3', 'instanceNorm', { epsilon: 1e-3 }],
];

/**
 * The normalizations that BatchNorm is compared with: on six channels, and without gamma and beta on the image itself.
 */
export const SAMPLE_NORM_CASES: readonly GoldenCase[] = [
  ...SAMPLE_NORMS.map(([name, kind, params]) =>
    chainCase(
      'sample norms',
      name,
      [3, 4, 3],
      [
        ['conv2d', { filters: 6, kernel: 1, bias: false }],
        [kind, params],
      ],
    ),
  ),
  ...SAMPLE_NORMS.map(([name, kind, params]) =>
    chainCase(
      'sample norms',
      `${name}, without gamma and beta`,
      [3, 4, 5],
      [[kind, { ...params, gamma: false, beta: false }]],
    ),
  ),
  chainCase('sample norms', 'layerNorm of features', [1, 3, 4], [['flatten'], ['layerNorm']], { batch: 3 }),
];
