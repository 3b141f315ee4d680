import type { ChannelInstruction } from './channelInstructions.ts';
import type { Base, ConvAttributes, Window } from './instructionBase.ts';
import type { ImageInstruction } from './imageInstructions.ts';
import type { LossPlan } from './loss.ts';
import type { TensorId } from './tensor.ts';

export type { ConvAttributes, Window };
export type { Border, Interpolation, PadBackward, PadForward } from './imageInstructions.ts';

/**
 * Element-wise functions. `leakyRelu` and `elu` take `alpha`; `gelu` is the exact form with erf, PyTorch's default;
 * `geluTanh` is the tanh approximation.
 */
export const ACTIVATIONS = [
  'relu',
  'relu6',
  'leakyRelu',
  'elu',
  'gelu',
  'geluTanh',
  'silu',
  'hardSwish',
  'sigmoid',
  'hardSigmoid',
  'tanh',
] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/** The functions that a batch normalization can compute in the same pass. */
export const FUSED_ACTIVATIONS = ['relu', 'relu6'] as const satisfies readonly Activation[];
export type FusedActivation = (typeof FUSED_ACTIVATIONS)[number];

/** The statistics that normalize: `batch`, those of this batch; `stored`, the running statistics. */
export type NormalizeBy = 'batch' | 'stored';
/**
 * The batch variance that enters the running variance: `biased` = sum/m, `unbiased` = sum/(m-1). The forward pass
 * always uses the biased one.
 */
export type VarianceEstimator = 'biased' | 'unbiased';

/** How the running statistics average over batches: exponentially, or with equal weights. */
export type Averaging = 'decay' | 'cumulative';

/**
 * `dst = (src - mean[c]) * scale[c]`: uint8 `[N, H, W, C]` to float `[N, C, H, W]` in one pass. Channel c is read from
 * channel `C - 1 - c` of the source where `reversesChannels`: RGB bytes to B, G, R.
 */
export interface NormalizeInput extends Base<'normalizeInput'> {
  readonly src: TensorId;
  readonly dst: TensorId;
  /** In byte units, 0 to 255. */
  readonly mean: readonly number[];
  readonly scale: readonly number[];
  readonly reversesChannels: boolean;
}

export interface ConvForward extends Base<'convForward'>, ConvAttributes {
  readonly src: TensorId;
  readonly weights: TensorId;
  readonly bias: TensorId | null;
  readonly dst: TensorId;
}
interface ConvBackwardData extends Base<'convBackwardData'>, ConvAttributes {
  readonly diffDst: TensorId;
  readonly weights: TensorId;
  readonly diffSrc: TensorId;
}
interface ConvBackwardWeights extends Base<'convBackwardWeights'>, ConvAttributes {
  readonly src: TensorId;
  readonly diffDst: TensorId;
  readonly diffWeights: TensorId;
  readonly diffBias: TensorId | null;
}

/** `dst[N, out] = src[N, in] * weights[out, in]^T + bias`. */
export interface DenseForward extends Base<'denseForward'> {
  readonly src: TensorId;
  readonly weights: TensorId;
  readonly bias: TensorId | null;
  readonly dst: TensorId;
}
interface DenseBackwardData extends Base<'denseBackwardData'> {
  readonly diffDst: TensorId;
  readonly weights: TensorId;
  readonly diffSrc: TensorId;
}
interface DenseBackwardWeights extends Base<'denseBackwardWeights'> {
  readonly src: TensorId;
  readonly diffDst: TensorId;
  readonly diffWeights: TensorId;
  readonly diffBias: TensorId | null;
}

/**
 * `xhat = (src - mu) / sqrt(var + eps)`, `dst = act(gamma * xhat + beta)`; batchnorm-spec.md, section 1. With
 * `normalizeBy` 'batch', mu and var are the batch's (biased) and are written to `batchMean` and `batchVariance`; with
 * 'stored' they are the running statistics. `batchMean` and `batchVariance` are null when the batch statistics are not
 * needed.
 */
export interface BatchNormForward extends Base<'batchNormForward'> {
  readonly src: TensorId;
  readonly gamma: TensorId | null;
  readonly beta: TensorId | null;
  readonly mean: TensorId;
  readonly variance: TensorId;
  readonly batchMean: TensorId | null;
  readonly batchVariance: TensorId | null;
  readonly dst: TensorId;
  readonly epsilon: number;
  readonly normalizeBy: NormalizeBy;
  /** The function computed in the same pass, if any; `mask` then records where its derivative is 1. */
  readonly fusedActivation: FusedActivation | null;
  readonly mask: TensorId | null;
}
interface BatchNormBackward extends Base<'batchNormBackward'> {
  readonly src: TensorId;
  readonly diffDst: TensorId;
  readonly gamma: TensorId | null;
  /** Read only with `fusedActivation`, by backends that keep no mask. */
  readonly beta: TensorId | null;
  /** The statistics that the forward pass normalized by: batch or running statistics. */
  readonly mean: TensorId;
  readonly variance: TensorId;
  readonly diffSrc: TensorId | null;
  readonly diffGamma: TensorId | null;
  readonly diffBeta: TensorId | null;
  readonly epsilon: number;
  readonly normalizeBy: NormalizeBy;
  readonly fusedActivation: FusedActivation | null;
  readonly mask: TensorId | null;
}
/**
 * Bounds of batch renormalization (Ioffe 2017) as a function of update t (`StepScalars.step`); see
 * `core/batchnorm/renorm.ts`. With rmax = 1 and dmax = 0 it is plain batch normalization.
 */
export interface RenormBounds {
  /** Final value of rmax, reached at `rampEndR`; at least 1. */
  readonly maxR: number;
  /** Final value of dmax, reached at `rampEndD`; at least 0. */
  readonly maxD: number;
  /** Updates up to this one are plain batch normalization. */
  readonly rampStart: number;
  readonly rampEndR: number;
  readonly rampEndD: number;
}
/**
 * Batch normalization in training by ghost batches (Hoffer et al. 2017) and with renormalization (Ioffe 2017). For each
 * group g of adjacent samples and each channel:
 *
 *     xhat = (src - mu_g) / sigma_g * r + d ; dst = gamma * xhat + beta ; sigma = sqrt(var + eps)
 *     r = clip(sigma_g / sigma_stored, 1/rmax, rmax) ; d = clip((mu_g - mu_stored) / sigma_stored, -dmax, dmax)
 *
 * There are `max(1, floor(N / groupSize))` groups; the remaining samples belong to the last one. `batchMean` and
 * `batchVariance` receive the statistics of the whole batch (law of total variance).
 */
export interface GhostNormForward extends Base<'ghostNormForward'>, RenormBounds {
  readonly src: TensorId;
  readonly gamma: TensorId | null;
  readonly beta: TensorId | null;
  readonly mean: TensorId;
  readonly variance: TensorId;
  readonly batchMean: TensorId;
  readonly batchVariance: TensorId;
  readonly dst: TensorId;
  /**
   * Values of each group for the backward pass: mean, 1/sigma, r and d, `[groups, 4, C]`; elements beyond are unused.
   */
  readonly savedGroups: TensorId | null;
  readonly epsilon: number;
  /** Samples per group; 0: the whole batch is one group. */
  readonly groupSize: number;
}
/**
 * r and d are constants: `diffSrc = gamma*r / (m*sigma) * (m*dy - sum dy - u * sum dy*u)`, `u = (src - mu) / sigma` in
 * each group.
 */
export interface GhostNormBackward extends Base<'ghostNormBackward'> {
  readonly src: TensorId;
  readonly diffDst: TensorId;
  readonly gamma: TensorId | null;
  readonly savedGroups: TensorId;
  readonly diffSrc: TensorId | null;
  readonly diffGamma: TensorId | null;
  readonly diffBeta: TensorId | null;
  readonly groupSize: number;
}
/**
 * `stored <- decay * stored + (1 - decay) * batch`, after the step and outside the gradient; the variance by
 * `estimator`. With `averaging` 'cumulative' decay is `(t - 1) / t` at batch t (`StepScalars.batch`): the plain average
 * of all batches (PyTorch's `momentum=None`). Throws `StatisticsNotFinite` when any batch statistic of the program is
 * not finite. It throws before it writes anything, so the state is bit for bit as it was before the step.
 */
interface UpdateStatistics extends Base<'updateStatistics'> {
  readonly averaging: Averaging;
  readonly batchMean: TensorId;
  readonly batchVariance: TensorId;
  readonly mean: TensorId;
  readonly variance: TensorId;
  readonly decay: number;
  readonly estimator: VarianceEstimator;
  /** Values per channel and sample: H*W, or 1. The count m is this times N. */
  readonly valuesPerSample: number;
}

export interface ActivationForward extends Base<'activationForward'> {
  readonly fn: Activation;
  readonly alpha: number;
  readonly src: TensorId;
  readonly dst: TensorId;
}
interface ActivationBackward extends Base<'activationBackward'> {
  readonly fn: Activation;
  readonly alpha: number;
  readonly src: TensorId;
  readonly dst: TensorId;
  readonly diffDst: TensorId;
  readonly diffSrc: TensorId;
}

export interface MaxPoolForward extends Base<'maxPoolForward'>, Window {
  readonly src: TensorId;
  readonly dst: TensorId;
  /** Index of the maximum; null outside training. Among equal values it is the first in row order. */
  readonly indices: TensorId | null;
}
interface MaxPoolBackward extends Base<'maxPoolBackward'>, Window {
  readonly indices: TensorId;
  readonly diffDst: TensorId;
  readonly diffSrc: TensorId;
}
/** Mean over the window: the divisor counts the pixels inside src, or with `countPadding` all pixels of the window. */
export interface AveragePoolForward extends Base<'averagePoolForward'>, Window {
  readonly src: TensorId;
  readonly dst: TensorId;
  readonly countPadding: boolean;
}
export interface AveragePoolBackward extends Base<'averagePoolBackward'>, Window {
  readonly diffDst: TensorId;
  readonly diffSrc: TensorId;
  readonly countPadding: boolean;
}
/** `[N, C, H, W]` to `[N, C]`. */
export interface GlobalAveragePoolForward extends Base<'globalAveragePoolForward'> {
  readonly src: TensorId;
  readonly dst: TensorId;
}
interface GlobalAveragePoolBackward extends Base<'globalAveragePoolBackward'> {
  readonly diffDst: TensorId;
  readonly diffSrc: TensorId;
}

/** The same values in C, H, W order under another shape, in the forward and the backward pass. */
export interface Reshape extends Base<'reshape'> {
  readonly src: TensorId;
  readonly dst: TensorId;
}

/**
 * Inverted dropout: kept values times `1/(1-rate)`. Element i of the batch in C, H, W order is kept when
 * `dropoutHash(stepKey, salt, i) >= rate * 2^32` (`core/program/dropoutHash.ts`): every backend and every number of
 * threads draw the same mask. The backward pass is the same instruction on the gradient.
 */
interface Dropout extends Base<'dropout'> {
  readonly src: TensorId;
  readonly dst: TensorId;
  readonly rate: number;
  /** Distinguishes the dropout blocks of one graph. */
  readonly salt: number;
}

/** `dst = sum of srcs`: the Add block, and gradients of a tensor used more than once. */
export interface Sum extends Base<'sum'> {
  readonly srcs: readonly TensorId[];
  readonly dst: TensorId;
}
/** Along the channel or feature axis. */
interface ConcatForward extends Base<'concatForward'> {
  readonly srcs: readonly TensorId[];
  readonly dst: TensorId;
}
/** `diffSrcs[i]` is null where no gradient is needed. */
interface ConcatBackward extends Base<'concatBackward'> {
  readonly diffDst: TensorId;
  readonly diffSrcs: readonly (TensorId | null)[];
  /** Channels or features of each source, in order. */
  readonly sizes: readonly number[];
}

/**
 * The loss, a weighted mean over the labelled samples: `loss = sum_n l_n / sum_n w(label_n)`. The formulas are in
 * `core/losses`. `correct` counts the samples whose largest logit (the first of equal ones) is at the label; with one
 * logit z, those with `(z > 0) = (label is 1)`.
 */
export interface LossForward extends Base<'lossForward'>, LossPlan {
  readonly logits: TensorId;
  readonly labels: TensorId;
  /**
   * Gradient of each sample's `l_n` with respect to its logits, kept for the backward pass, `[N, K]`; null outside
   * training.
   */
  readonly slopes: TensorId | null;
  readonly loss: TensorId;
  readonly correct: TensorId;
  readonly labelSmoothing: number;
}
/** `diffLogits = slopes / sum_n w(label_n)`. */
interface LossBackward extends Base<'lossBackward'> {
  readonly slopes: TensorId;
  readonly labels: TensorId;
  readonly diffLogits: TensorId;
  readonly classWeights: readonly number[] | null;
}

/**
 * The gradient of the logit of each sample's label, where a backward pass begins at it instead of the loss:
 * `diffLogits[n, k] = 1` where k is the label of sample n, else 0; all 0 without a label. A single logit is that of
 * class 1, and its negative that of class 0: 1 or -1.
 */
interface SeedLogit extends Base<'seedLogit'> {
  readonly labels: TensorId;
  readonly diffLogits: TensorId;
}

/** Sets a gradient that nothing contributes to (an unused branch) to zero. */
interface Zero extends Base<'zero'> {
  readonly dst: TensorId;
}

export type Instruction =
  | NormalizeInput
  | ConvForward
  | ConvBackwardData
  | ConvBackwardWeights
  | DenseForward
  | DenseBackwardData
  | DenseBackwardWeights
  | BatchNormForward
  | BatchNormBackward
  | GhostNormForward
  | GhostNormBackward
  | UpdateStatistics
  | ActivationForward
  | ActivationBackward
  | MaxPoolForward
  | MaxPoolBackward
  | AveragePoolForward
  | AveragePoolBackward
  | GlobalAveragePoolForward
  | GlobalAveragePoolBackward
  | Reshape
  | Dropout
  | Sum
  | ConcatForward
  | ConcatBackward
  | LossForward
  | LossBackward
  | SeedLogit
  | Zero
  | ImageInstruction
  | ChannelInstruction;

export type Op = Instruction['op'];
export type InstructionOf<O extends Op> = Extract<Instruction, { op: O }>;

/** An instruction as a block emits it; the compiler adds `node`. */
export type EmittedInstruction = WithoutNode<Instruction>;
type WithoutNode<I> = I extends Instruction ? Omit<I, 'node'> : never;
