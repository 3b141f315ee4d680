import type { FloatArray } from '../program/floatArray.ts';
import { must } from '../diagnostics/invariantError.ts';

/** Statistics of the channels of one block. */
export interface ChannelStatistics {
  readonly mean: FloatArray;
  readonly variance: FloatArray;
}

/** The difference between two sets of statistics of one block. */
export interface StatisticsChange {
  /**
   * Change of the means, in units of the earlier deviation `sqrt(var + eps)`: root mean square over channels, and the
   * largest.
   */
  readonly mean: { readonly typical: number; readonly worst: number; readonly worstChannel: number };
  /**
   * Means of the variances over channels, and the factor `(after + eps) / (before + eps)` whose logarithm is farthest
   * from 0.
   */
  readonly variance: {
    readonly before: number;
    readonly after: number;
    readonly worstFactor: number;
    readonly worstChannel: number;
  };
}

/**
 * Compares the statistics of a block channel by channel; `epsilon` is that of the block, so that a dead channel is
 * compared as it is computed.
 */
export function statisticsChange(
  before: ChannelStatistics,
  after: ChannelStatistics,
  epsilon: number,
): StatisticsChange {
  const channels = Array.from(before.mean, (mean, channel) => {
    const spread = must(before.variance[channel], 'variance') + epsilon;
    return {
      shift: (must(after.mean[channel], 'mean') - mean) / Math.sqrt(spread),
      factor: (must(after.variance[channel], 'variance') + epsilon) / spread,
    };
  });
  const shifts = channels.map(({ shift }) => Math.abs(shift));
  const distances = channels.map(({ factor }) => Math.abs(Math.log(factor)));
  const [farShift, farFactor] = [indexOfLargest(shifts), indexOfLargest(distances)];
  const squares = shifts.reduce((sum, shift) => sum + shift * shift, 0);
  return {
    mean: {
      typical: Math.sqrt(squares / shifts.length),
      worst: must(shifts[farShift], 'shift'),
      worstChannel: farShift,
    },
    variance: {
      before: meanOf(before.variance),
      after: meanOf(after.variance),
      worstFactor: must(channels[farFactor], 'channel').factor,
      worstChannel: farFactor,
    },
  };
}

/** The mean of a block's values over its channels. */
export function meanOf(values: FloatArray): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function indexOfLargest(values: readonly number[]): number {
  return values.reduce((at, value, index) => (value > must(values[at], 'value') ? index : at), 0);
}
