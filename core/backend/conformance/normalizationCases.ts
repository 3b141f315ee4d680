import type { Params } from '../../document/schema.ts';
import { BATCH_NORM_PRESETS } from '../../nodes/batchNormPresets.ts';
import { bodyCase, chainCase, type ConformanceCase } from './conformanceCase.ts';
import { widen } from './networks.ts';

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

const STORED_AND_UPDATED: Params = { normalizeBy: 'stored', updateStatistics: true };
const FROZEN: Params = { ...BATCH_NORM_PRESETS.frozen.switches };
const AFFINE_ONLY: Params = { ...BATCH_NORM_PRESETS.affineOnly.switches };

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
  perFeature('batch of five', {}),
  perFeature('batch of two, decay 0', { epsilon: 1e-2, decay: 0 }, 2),
  perFeature('biased', { variance: 'biased' }),
  perFeature('stored, updated', STORED_AND_UPDATED),
  perFeature('frozen', FROZEN),
  withRelu('batch', {}),
  withRelu('frozen', FROZEN),
  withRelu('gamma and beta alone', AFFINE_ONLY),
  withRelu('stored, updated', STORED_AND_UPDATED),
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
];
