import type { Params } from '../document/schema.ts';
import { BATCH_NORM_PRESETS } from '../nodes/batchNormPresets.ts';
import { bodyCase, chainCase, type ConformanceCase } from './conformanceCase.ts';
import { chain, widen, type Link } from './networks.ts';

const CONV: Params = { filters: 5, bias: false };

function perChannel(name: string, params: Params, batch = 2): ConformanceCase {
  return chainCase(
    `batchNorm per channel, ${name}`,
    [3, 5, 4],
    batch,
    ['conv2d', CONV],
    ['batchNorm', params],
  );
}

function perFeature(name: string, params: Params, batch = 5): ConformanceCase {
  return chainCase(
    `batchNorm per feature, ${name}`,
    [1, 3, 3],
    batch,
    ['flatten'],
    ['dense', { units: 5, bias: false }],
    ['batchNorm', params],
  );
}

function withRelu(name: string, params: Params): ConformanceCase {
  return chainCase(
    `batchNorm and ReLU, ${name}`,
    [3, 6, 5],
    2,
    ['conv2d', CONV],
    ['batchNorm', params],
    ['relu'],
    ['conv2d', { filters: 3 }],
  );
}

/** The batchNorm of a 1x1 convolution of eight times the input, and a ReLU6. */
function withRelu6(
  name: string,
  channels: number,
  params: Params,
  between: readonly Link[] = [],
): ConformanceCase {
  return bodyCase(
    `batchNorm and ReLU6, ${name}, ${String(channels)} channels`,
    [3, 6, 5],
    4,
    (add, input) => {
      const terms = Array.from({ length: 8 }, () => input);
      const links: readonly Link[] = [widen(channels), ...between, ['batchNorm', params], ['relu6']];
      const before = chain(...links)(add, add('add', terms, { inputs: 8 }));
      return add('conv2d', [before], { filters: 3 });
    },
  );
}

const STORED_AND_UPDATED: Params = { normalizeBy: 'stored', updateStatistics: true };
const FROZEN: Params = { ...BATCH_NORM_PRESETS.frozen.switches };
const AFFINE_ONLY: Params = { ...BATCH_NORM_PRESETS.affineOnly.switches };

/** Bounds reached at the first step. */
const RENORM: Params = { renorm: true, renormStart: 0, renormEndR: 0, renormEndD: 0 };
/** Bounds so narrow that the random start state puts every channel at one of them: r and d are then constants. */
const RENORM_AT_BOUNDS: Params = { ...RENORM, renormMaxR: 1.01, renormMaxD: 0.01 };

function holding(one: ConformanceCase): ConformanceCase {
  return { ...one, holdsConstants: true };
}

/** Batch renormalization and ghost BatchNorm, alone and together; the remaining samples belong to the last group. */
const GROUPED_CASES: readonly ConformanceCase[] = [
  holding(perChannel('renorm', RENORM, 3)),
  holding(perFeature('renorm', { ...RENORM, variance: 'biased' })),
  holding(perChannel('renorm in groups of two', { ...RENORM, ghostSize: 2 }, 5)),
  perChannel('renorm at its bounds', RENORM_AT_BOUNDS, 3),
  perFeature('renorm at its bounds, groups of two', { ...RENORM_AT_BOUNDS, ghostSize: 2, epsilon: 1e-2 }),
  perChannel('renorm before its ramps', { renorm: true, renormStart: 1 }, 3),
  perChannel('groups of one', { ghostSize: 1 }, 3),
  perChannel('groups of two, a remainder', { ghostSize: 2, decay: 0.5 }, 5),
  perFeature('groups of two, a remainder', { ghostSize: 2, epsilon: 1e-2 }, 5),
  perFeature('a group larger than the batch', { ghostSize: 8 }, 5),
  perChannel('groups of two, gamma and beta fixed', { ghostSize: 2, trainGamma: false, trainBeta: false }, 4),
  withRelu('groups of one', { ghostSize: 1 }),
  ...[1, 3, 8, 17, 32].map((channels) =>
    chainCase(`groups of two of ${String(channels)} channels`, [3, 4, 5], 4, widen(channels), [
      'batchNorm',
      { ghostSize: 2 },
    ]),
  ),
  chainCase('groups on the input itself', [3, 5, 5], 4, ['batchNorm', { ghostSize: 2 }], ['relu']),
];

/** BatchNorm in every combination of statistics and switches, with and without the fused ReLU. */
export const NORMALIZATION_CASES: readonly ConformanceCase[] = [
  ...[1, 3, 5, 17, 32].map((channels) =>
    chainCase(`batchNorm of ${String(channels)} channels`, [3, 4, 5], 2, widen(channels), ['batchNorm']),
  ),
  perChannel('batch of one', {}, 1),
  perChannel('batch of five', {}, 5),
  perChannel('biased, decay 0', { variance: 'biased', decay: 0 }),
  perChannel('decay 1, eps 1e-3', { decay: 1, epsilon: 1e-3 }),
  perChannel('stored, updated', STORED_AND_UPDATED),
  perChannel('frozen', FROZEN),
  perChannel('gamma and beta alone', AFFINE_ONLY),
  perChannel('gamma fixed', { trainGamma: false }),
  perChannel('beta fixed', { trainBeta: false }),
  perChannel('batch statistics, nothing trained or stored', {
    trainGamma: false,
    trainBeta: false,
    updateStatistics: false,
  }),
  perChannel('cumulative', { averaging: 'cumulative', decay: 1 }),
  perFeature('batch of five', {}),
  perFeature('batch of two, decay 0', { epsilon: 1e-2, decay: 0 }, 2),
  perFeature('biased', { variance: 'biased' }),
  perFeature('stored, updated', STORED_AND_UPDATED),
  perFeature('frozen', FROZEN),
  withRelu('batch', {}),
  withRelu('frozen', FROZEN),
  withRelu('gamma and beta alone', AFFINE_ONLY),
  withRelu('stored, updated', STORED_AND_UPDATED),
  ...[16, 24, 20].map((channels) => withRelu6('batch', channels, {})),
  // Half of the values are below 0, a quarter above 6.
  ...[16, 24, 20].map((channels) => withRelu6('stored, updated', channels, STORED_AND_UPDATED)),
  withRelu6('frozen', 24, FROZEN),
  withRelu6('gamma and beta alone', 5, AFFINE_ONLY),
  // One of many channels is near 1, the others near 0: in the batch's own scale that is beyond 6.
  ...[64, 72, 84].map((channels) => withRelu6('batch of outliers', channels, {}, [['softmax']])),
  chainCase('batchNorm on the input itself, ReLU6', [3, 5, 5], 2, ['batchNorm'], ['relu6']),
  chainCase(
    'batchNorm, ReLU6 per feature',
    [1, 3, 3],
    5,
    ['flatten'],
    ['dense', { units: 17 }],
    ['batchNorm', STORED_AND_UPDATED],
    ['relu6'],
  ),
  chainCase('batchNorm on the input itself', [3, 5, 5], 2, ['batchNorm'], ['relu']),
  chainCase('batchNorm behind ReLU', [3, 5, 5], 2, ['conv2d', CONV], ['relu'], ['batchNorm']),
  chainCase(
    'batchNorm, ReLU per feature',
    [1, 3, 3],
    5,
    ['flatten'],
    ['dense', { units: 17 }],
    ['batchNorm'],
    ['relu'],
  ),
  chainCase('bias before batchNorm', [3, 5, 5], 2, ['conv2d', { filters: 5 }], ['batchNorm'], ['sigmoid']),
  bodyCase('batchNorm read twice', [3, 5, 5], 2, (add, input) => {
    const norm = add('batchNorm', [add('conv2d', [input], CONV)]);
    return add('add', [add('relu', [norm]), norm]);
  }),
  ...GROUPED_CASES,
];
