import { ghostGroups } from '../../batchnorm/ghost.ts';
import { renormCorrection, renormLimits } from '../../batchnorm/renorm.ts';
import { pool, NO_STATISTIC, type Statistic } from '../../batchnorm/statistics.ts';
import type { RenormBounds } from '../../program/instruction.ts';
import type { TensorId } from '../../program/tensor.ts';
import { channelMoments, channelView, forEachOfChannel, type ChannelView } from './channels.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { at } from './values.ts';

/*
 * src, dst [N, C, H, W] or [N, F] in groups of samples; for each group and channel, m values, u = (src - mu) / sigma:
 * Forward:  sigma = sqrt(var + eps) ; r = clip(sigma / sigma_stored, 1/rmax, rmax)
 *           d = clip((mu - mu_stored) / sigma_stored, -dmax, dmax) ; dst = gamma * (u * r + d) + beta
 *           the batch statistics are those of all groups, pooled
 * Backward, r and d constant:  dbeta = sum dy ; dgamma = sum over groups (r * sum dy*u + d * sum dy)
 *           dx = gamma * r / (m * sigma) * (m*dy - sum dy - u * sum dy*u)
 */

/** The view of the samples of one group, and the offset of its first sample in the arrays. */
interface GroupView extends ChannelView {
  readonly first: number;
}

function groupViews(view: ChannelView, groupSize: number): GroupView[] {
  return ghostGroups(view.batch, groupSize).map(({ start, end }) => ({
    ...view,
    batch: end - start,
    count: (end - start) * view.pixels,
    first: start * view.channels * view.pixels,
  }));
}

/** Index of mean, 1/sigma, r or d (`field` 0 to 3) of a group and channel in the saved `[groups, 4, C]`. */
function savedAt(view: ChannelView, group: number, field: 0 | 1 | 2 | 3, channel: number): number {
  return (4 * group + field) * view.channels + channel;
}

export const ghostNormForward: Kernel<'ghostNormForward'> = (instruction, context) => {
  const view = channelView(context.dims(instruction.src), context);
  const groups = groupViews(view, instruction.groupSize);
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const gamma = optional(instruction.gamma, context);
  const beta = optional(instruction.beta, context);
  const mean = context.data(instruction.mean);
  const variance = context.data(instruction.variance);
  const batchMean = context.data(instruction.batchMean);
  const batchVariance = context.data(instruction.batchVariance);
  const saved =
    optional(instruction.savedGroups, context) ?? new Float64Array(4 * groups.length * view.channels);
  const { epsilon } = instruction;
  return ({ scalars }) => {
    const limits = renormLimits(instruction satisfies RenormBounds, scalars.step);
    for (let c = 0; c < view.channels; c += 1) {
      const stored = { mean: at(mean, c), sigma: Math.sqrt(at(variance, c) + epsilon) };
      const [scale, shift] = [gamma === null ? 1 : at(gamma, c), beta === null ? 0 : at(beta, c)];
      let whole: Statistic = NO_STATISTIC;
      groups.forEach((group, g) => {
        const part = src.subarray(group.first);
        const moments = channelMoments(part, group, c);
        const sigma = Math.sqrt(moments.variance + epsilon);
        const { r, d } = renormCorrection({ mean: moments.mean, sigma }, stored, limits);
        forEachOfChannel(group, c, (i) => {
          dst[group.first + i] = scale * (((at(part, i) - moments.mean) / sigma) * r + d) + shift;
        });
        [moments.mean, 1 / sigma, r, d].forEach((value, field) => {
          saved[savedAt(view, g, field as 0 | 1 | 2 | 3, c)] = value;
        });
        whole = pool(whole, { ...moments, count: group.count });
      });
      batchMean[c] = whole.mean;
      batchVariance[c] = whole.variance;
    }
  };
};

export const ghostNormBackward: Kernel<'ghostNormBackward'> = (instruction, context) => {
  const view = channelView(context.dims(instruction.src), context);
  const groups = groupViews(view, instruction.groupSize);
  const src = context.data(instruction.src);
  const diffDst = context.data(instruction.diffDst);
  const gamma = optional(instruction.gamma, context);
  const saved = context.data(instruction.savedGroups);
  const diffSrc = optional(instruction.diffSrc, context);
  const diffGamma = optional(instruction.diffGamma, context);
  const diffBeta = optional(instruction.diffBeta, context);
  return () => {
    diffGamma?.fill(0);
    diffBeta?.fill(0);
    for (let c = 0; c < view.channels; c += 1) {
      groups.forEach((group, g) => {
        const field = (name: 0 | 1 | 2 | 3): number => at(saved, savedAt(view, g, name, c));
        const [mean, inverse, r, d] = [field(0), field(1), field(2), field(3)];
        const normalized = (i: number): number => (at(src, group.first + i) - mean) * inverse;
        let sum = 0;
        let projected = 0;
        forEachOfChannel(group, c, (i) => {
          const dy = at(diffDst, group.first + i);
          sum += dy;
          projected += dy * normalized(i);
        });
        if (diffBeta !== null) diffBeta[c] = at(diffBeta, c) + sum;
        if (diffGamma !== null) diffGamma[c] = at(diffGamma, c) + r * projected + d * sum;
        if (diffSrc === null) return;
        const factor = ((gamma === null ? 1 : at(gamma, c)) * r * inverse) / group.count;
        forEachOfChannel(group, c, (i) => {
          const dy = at(diffDst, group.first + i);
          diffSrc[group.first + i] = factor * (group.count * dy - sum - normalized(i) * projected);
        });
      });
    }
  };
};

function optional(tensor: TensorId | null, context: KernelContext): Float64Array | null {
  return tensor === null ? null : context.data(tensor);
}
