import type { Base } from './instructionBase.ts';
import type { TensorId } from './tensor.ts';

/*
 * Instructions over the channels of a sample `[C, H, W]` or `[C]` (the features of a vector are channels of one pixel):
 * normalization within a sample, PReLU, softmax, dropout of channels and samples.
 */

/**
 * The set of values with one mean and variance. `groups`: adjacent channels of a sample, in `groups` equal parts, with
 * all their pixels. `pixel`: all channels at one pixel.
 */
export type NormalizeOver = 'groups' | 'pixel';

/**
 * Layer, group and instance normalization: `dst = gamma * (src - mu) / sqrt(var + eps) + beta`, mu and the biased var
 * over each set of `over` in each sample, the same in every mode. gamma and beta have the dims of one sample, or `[C]`.
 */
export interface SampleNormForward extends Base<'sampleNormForward'> {
  readonly src: TensorId;
  readonly gamma: TensorId | null;
  readonly beta: TensorId | null;
  readonly dst: TensorId;
  readonly over: NormalizeOver;
  /** A divisor of the number of channels; 1 when `over` is 'pixel'. */
  readonly groups: number;
  readonly epsilon: number;
}
/**
 * With g = diffDst * gamma and m values in a set: `diffSrc = (g - sum g / m - xhat * sum(g * xhat) / m) / sqrt(var +
 * eps)`; `diffGamma = sum diffDst * xhat`, `diffBeta = sum diffDst`, over all elements that share the value. mu and var
 * are recomputed.
 */
interface SampleNormBackward extends Base<'sampleNormBackward'> {
  readonly src: TensorId;
  readonly diffDst: TensorId;
  readonly gamma: TensorId | null;
  readonly diffSrc: TensorId | null;
  readonly diffGamma: TensorId | null;
  readonly diffBeta: TensorId | null;
  readonly over: NormalizeOver;
  readonly groups: number;
  readonly epsilon: number;
}

/** `dst = src > 0 ? src : slope * src`; the slopes are `weights`, `[C]`, or `[1]` for all channels. */
export interface PreluForward extends Base<'preluForward'> {
  readonly src: TensorId;
  readonly weights: TensorId;
  readonly dst: TensorId;
}
/** `diffSrc = diffDst * (src > 0 ? 1 : slope)`, `diffWeights = sum of diffDst * src where src <= 0`. */
interface PreluBackward extends Base<'preluBackward'> {
  readonly src: TensorId;
  readonly weights: TensorId;
  readonly diffDst: TensorId;
  readonly diffSrc: TensorId | null;
  readonly diffWeights: TensorId | null;
}

/** `dst = exp(src - max) / sum exp(src - max)` over the channels, at each pixel of an image. */
export interface SoftmaxForward extends Base<'softmaxForward'> {
  readonly src: TensorId;
  readonly dst: TensorId;
}
/** `diffSrc = dst * (diffDst - sum(diffDst * dst))`, sums over the channels. */
interface SoftmaxBackward extends Base<'softmaxBackward'> {
  readonly dst: TensorId;
  readonly diffDst: TensorId;
  readonly diffSrc: TensorId;
}

/**
 * Dropout of whole channels: channel c of sample n is kept, times `1/(1-rate)`, when
 * `dropoutHash(stepKey, salt, n * C + c) >= rate * 2^32`. The backward pass is the same instruction on the gradient.
 */
interface ChannelDropout extends Base<'channelDropout'> {
  readonly src: TensorId;
  readonly dst: TensorId;
  readonly rate: number;
  readonly salt: number;
}

/**
 * Dropout of whole samples (stochastic depth): sample n of the batch is kept, times `1/(1-rate)`, when
 * `dropoutHash(stepKey, salt, n) >= rate * 2^32`. The backward pass is the same instruction on the gradient.
 */
interface SampleDropout extends Base<'sampleDropout'> {
  readonly src: TensorId;
  readonly dst: TensorId;
  readonly rate: number;
  readonly salt: number;
}

export type ChannelInstruction =
  | SampleNormForward
  | SampleNormBackward
  | PreluForward
  | PreluBackward
  | SoftmaxForward
  | SoftmaxBackward
  | ChannelDropout
  | SampleDropout;
