import type { CheckpointChoice } from '../training/bestEpoch.ts';

/** What distinguishes two networks of the same run. Absent: as an evaluation takes it by default. */
export interface NetworkChoice {
  readonly checkpoint?: CheckpointChoice;
  readonly weights?: 'raw' | 'ema';
  readonly statistics?: 'stored' | 'moving' | 'exact';
  readonly precision?: 'f32' | 'bf16';
  readonly fold?: boolean;
}

/**
 * Pairs of networks of one run.
 * - best: the last checkpoint and the best epoch.
 * - averaged: the trained weights and their moving average.
 * - exact: the moving averages of BatchNorm and exact statistics, before and after a recalibration.
 * - bf16: computed in f32 and in bf16.
 * - folded: before and after the folding of BatchNorm.
 */
export const PAIR_PRESETS = {
  best: { first: { checkpoint: 'last' }, second: { checkpoint: 'best' } },
  averaged: { first: { weights: 'raw' }, second: { weights: 'ema' } },
  exact: { first: { statistics: 'moving' }, second: { statistics: 'exact' } },
  bf16: { first: { precision: 'f32' }, second: { precision: 'bf16' } },
  folded: { first: { fold: false }, second: { fold: true } },
} as const satisfies Record<string, { readonly first: NetworkChoice; readonly second: NetworkChoice }>;
export type PairPreset = keyof typeof PAIR_PRESETS;
