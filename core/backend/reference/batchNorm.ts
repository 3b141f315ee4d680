import { StatisticsNotFinite } from '../../batchnorm/finiteStatistics.ts';
import { InvariantError } from '../../diagnostics/invariantError.ts';
import type { TensorId } from '../../program/tensor.ts';
import { FUNCTIONS } from './activation.ts';
import { channelMoments, channelView, forEachOfChannel } from './channels.ts';
import type { Kernel, KernelContext } from './kernel.ts';
import { at } from './values.ts';

/*
 * src, dst [N, C, H, W] with m = N*H*W, or [N, F] with m = N; gamma, beta, mean, variance [C]. batchnorm-spec.md,
 * section 1.
 * Forward:  mu = sum src / m ; var = sum (src - mu)^2 / m   (by 'batch'; by 'stored': the running statistics)
 *           xhat = (src - mu) / sqrt(var + eps) ; dst = gamma * xhat + beta ; with fusedActivation dst = act(that)
 * Backward: dy = diffDst, with fusedActivation times its derivative, 0 or 1
 *           dbeta = sum dy ; dgamma = sum dy * xhat
 *           by 'batch':  dx = gamma / (m * sqrt(var + eps)) * (m*dy - dbeta - xhat*dgamma)
 *           by 'stored': dx = gamma / sqrt(var + eps) * dy
 * Update:   stored <- decay * stored + (1 - decay) * batch, the variance times m/(m-1) when 'unbiased'; at batch t of
 *           a cumulative average decay = (t - 1) / t. When a batch statistic is not finite, nothing is stored and the
 *           step is abandoned.
 */
export const batchNormForward: Kernel<'batchNormForward'> = (instruction, context) => {
  const view = channelView(context.dims(instruction.src), context);
  const src = context.data(instruction.src);
  const dst = context.data(instruction.dst);
  const mask = optional(instruction.mask, context);
  const gamma = optional(instruction.gamma, context);
  const beta = optional(instruction.beta, context);
  const batchMean = optional(instruction.batchMean, context);
  const batchVariance = optional(instruction.batchVariance, context);
  const storedMean = context.data(instruction.mean);
  const storedVariance = context.data(instruction.variance);
  const byBatch = instruction.normalizeBy === 'batch';
  const act = instruction.fusedActivation === null ? null : FUNCTIONS[instruction.fusedActivation];
  return () => {
    for (let c = 0; c < view.channels; c += 1) {
      const moments = byBatch || batchMean !== null ? channelMoments(src, view, c) : null;
      if (moments !== null && batchMean !== null) batchMean[c] = moments.mean;
      if (moments !== null && batchVariance !== null) batchVariance[c] = moments.variance;
      const mean = byBatch && moments !== null ? moments.mean : at(storedMean, c);
      const variance = byBatch && moments !== null ? moments.variance : at(storedVariance, c);
      const scale = (gamma === null ? 1 : at(gamma, c)) / Math.sqrt(variance + instruction.epsilon);
      const shift = beta === null ? 0 : at(beta, c);
      forEachOfChannel(view, c, (i) => {
        const y = (at(src, i) - mean) * scale + shift;
        const active = act === null ? y : act.value(y, 0);
        dst[i] = active;
        if (act !== null && mask !== null) mask[i] = act.slope(y, active, 0);
      });
    }
  };
};

export const batchNormBackward: Kernel<'batchNormBackward'> = (instruction, context) => {
  const view = channelView(context.dims(instruction.src), context);
  const src = context.data(instruction.src);
  const diffDst = context.data(instruction.diffDst);
  const gamma = optional(instruction.gamma, context);
  const mask = optional(instruction.mask, context);
  const means = context.data(instruction.mean);
  const variances = context.data(instruction.variance);
  const diffSrc = optional(instruction.diffSrc, context);
  const diffGamma = optional(instruction.diffGamma, context);
  const diffBeta = optional(instruction.diffBeta, context);
  if (instruction.fusedActivation !== null && mask === null)
    throw new InvariantError(`${instruction.node} fused without its mask`);
  const gradient = (i: number): number => (mask === null ? at(diffDst, i) : at(diffDst, i) * at(mask, i));
  return () => {
    for (let c = 0; c < view.channels; c += 1) {
      const mean = at(means, c);
      const inverse = 1 / Math.sqrt(at(variances, c) + instruction.epsilon);
      let dbeta = 0;
      let dgamma = 0;
      forEachOfChannel(view, c, (i) => {
        dbeta += gradient(i);
        dgamma += gradient(i) * (at(src, i) - mean) * inverse;
      });
      if (diffBeta !== null) diffBeta[c] = dbeta;
      if (diffGamma !== null) diffGamma[c] = dgamma;
      if (diffSrc === null) continue;
      const scale = (gamma === null ? 1 : at(gamma, c)) * inverse;
      // Running statistics are constants: the two terms through mu and var are absent.
      const meanTerm = instruction.normalizeBy === 'batch' ? dbeta / view.count : 0;
      const varianceTerm = instruction.normalizeBy === 'batch' ? (dgamma / view.count) * inverse : 0;
      forEachOfChannel(view, c, (i) => {
        diffSrc[i] = scale * (gradient(i) - meanTerm - (at(src, i) - mean) * varianceTerm);
      });
    }
  };
};

export const updateStatistics: Kernel<'updateStatistics'> = (instruction, context) => {
  const { averaging, estimator } = instruction;
  const m = context.batch * instruction.valuesPerSample;
  if (estimator === 'unbiased' && m < 2) {
    throw new InvariantError(
      `${instruction.node} has one value per channel: its variance has no unbiased estimate`,
    );
  }
  const batchMean = context.data(instruction.batchMean);
  const batchVariance = context.data(instruction.batchVariance);
  const mean = context.data(instruction.mean);
  const variance = context.data(instruction.variance);
  const correction = estimator === 'unbiased' ? m / (m - 1) : 1;
  return ({ scalars }) => {
    if (!context.batchStatistics.every(Number.isFinite)) throw new StatisticsNotFinite();
    const decay = averaging === 'cumulative' ? 1 - 1 / (scalars.batch ?? scalars.step) : instruction.decay;
    for (let c = 0; c < mean.length; c += 1) {
      mean[c] = decay * at(mean, c) + (1 - decay) * at(batchMean, c);
      variance[c] = decay * at(variance, c) + (1 - decay) * correction * at(batchVariance, c);
    }
  };
};

function optional(tensor: TensorId | null, context: KernelContext): Float64Array | null {
  return tensor === null ? null : context.data(tensor);
}
