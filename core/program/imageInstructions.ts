import type { Base, ConvAttributes } from './instructionBase.ts';
import type { TensorId } from './tensor.ts';

/* Instructions that upsample, pad, divide into windows and multiply images `[N, C, H, W]`. */

/**
 * Transposed convolution: src `[N, I, H, W]`, weights `[I, O/groups, kH, kW]` (PyTorch's and ONNX's order), dst `[N, O,
 * P, Q]`. The window is that of the convolution from dst to src, whose data gradient this is: `dst[n, o, y*s + i*d - t,
 * x*s + j*d - l] += weights[c, o, i, j] * src[n, c, y, x]`, plus `bias[o]`. Output padding is included in the dims of
 * dst: at most stride - 1 rows and columns more than the window reaches.
 */
export interface ConvTransposeForward extends Base<'convTransposeForward'>, ConvAttributes {
  readonly src: TensorId;
  readonly weights: TensorId;
  readonly bias: TensorId | null;
  readonly dst: TensorId;
}
interface ConvTransposeBackwardData extends Base<'convTransposeBackwardData'>, ConvAttributes {
  readonly diffDst: TensorId;
  readonly weights: TensorId;
  readonly diffSrc: TensorId;
}
interface ConvTransposeBackwardWeights extends Base<'convTransposeBackwardWeights'>, ConvAttributes {
  readonly src: TensorId;
  readonly diffDst: TensorId;
  readonly diffWeights: TensorId;
  readonly diffBias: TensorId | null;
}

/** How values between pixel centres are computed. */
export type Interpolation = 'nearest' | 'bilinear';
/**
 * Upsamples by a whole factor k per direction, the ratio of the dims of dst and src.
 * - nearest: `dst[y] = src[floor(y / k)]`.
 * - bilinear: half-pixel centres, `(y + 0.5) / k - 0.5` clamped to the image, as PyTorch's align_corners=False.
 */
export interface ResampleForward extends Base<'resampleForward'> {
  readonly src: TensorId;
  readonly dst: TensorId;
  readonly interpolation: Interpolation;
}
interface ResampleBackward extends Base<'resampleBackward'> {
  readonly diffDst: TensorId;
  readonly diffSrc: TensorId;
  readonly interpolation: Interpolation;
}

/** The values outside an image: a constant, the mirror image without the edge pixel, or the edge pixel repeated. */
export type Border = 'constant' | 'reflect' | 'replicate';
/** Pads src by `[top, left, bottom, right]` pixels; with 'reflect' each is less than the image's height or width. */
export interface PadForward extends Base<'padForward'> {
  readonly src: TensorId;
  readonly dst: TensorId;
  readonly padding: readonly [number, number, number, number];
  readonly border: Border;
  /** The padding value when `border` is 'constant'. */
  readonly value: number;
}
/** The gradients of all copies of a pixel are summed. */
export interface PadBackward extends Base<'padBackward'> {
  readonly diffDst: TensorId;
  readonly diffSrc: TensorId;
  readonly padding: readonly [number, number, number, number];
  readonly border: Border;
}

/**
 * `[N, C, H, W]` to `[N, C, P, Q]`: dst at (p, q) is the mean of src over the rows `floor(p * H / P)` to `ceil((p + 1)
 * * H / P) - 1`, and the columns likewise, as torch.nn.AdaptiveAvgPool2d. P and Q may exceed H and W.
 */
export interface AdaptiveAveragePoolForward extends Base<'adaptiveAveragePoolForward'> {
  readonly src: TensorId;
  readonly dst: TensorId;
}
interface AdaptiveAveragePoolBackward extends Base<'adaptiveAveragePoolBackward'> {
  readonly diffDst: TensorId;
  readonly diffSrc: TensorId;
}

/**
 * `dst = product of srcs`, all of one rank. A source with 1 channel or 1 x 1 pixels is broadcast to the dims of dst.
 */
export interface MultiplyForward extends Base<'multiplyForward'> {
  readonly srcs: readonly TensorId[];
  readonly dst: TensorId;
}
/** `diffSrcs[i]` = diffDst times all other srcs, summed over the broadcast dims; null where no gradient is needed. */
interface MultiplyBackward extends Base<'multiplyBackward'> {
  readonly srcs: readonly TensorId[];
  readonly diffDst: TensorId;
  readonly diffSrcs: readonly (TensorId | null)[];
}

export type ImageInstruction =
  | ConvTransposeForward
  | ConvTransposeBackwardData
  | ConvTransposeBackwardWeights
  | ResampleForward
  | ResampleBackward
  | PadForward
  | PadBackward
  | AdaptiveAveragePoolForward
  | AdaptiveAveragePoolBackward
  | MultiplyForward
  | MultiplyBackward;
