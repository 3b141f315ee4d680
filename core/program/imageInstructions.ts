import type { Base, ConvAttributes } from './instructionBase.ts';
import type { TensorId } from './tensor.ts';

/*
 * Instructions that enlarge, frame and gate images `[N, C, H, W]`.
 */

/**
 * Transposed convolution: src `[N, I, H, W]`, weights `[I, O/groups, kH, kW]` (PyTorch's and ONNX's order), dst `[N, O,
 * P, Q]`. The window is that of the convolution from dst to src whose data gradient this is: `dst[n, o, y*s + i*d - t,
 * x*s + j*d - l] += weights[c, o, i, j] * src[n, c, y, x]`, plus `bias[o]`. Output padding is in the dims of dst: at
 * most stride - 1 rows and columns more than the window reaches.
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

/** How pixels between pixels are made. */
export type Interpolation = 'nearest' | 'bilinear';
/**
 * Enlarges by the whole factor that dst's dims are of src's, k a direction. nearest: `dst[y] = src[floor(y / k)]`.
 * bilinear: half-pixel centres, `(y + 0.5) / k - 0.5` held inside the image, as PyTorch's align_corners=False.
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

/** What stands outside an image: a constant, its mirror image without the edge itself, or its edge repeated. */
export type Border = 'constant' | 'reflect' | 'replicate';
/** A frame of `[top, left, bottom, right]` pixels around src; for 'reflect' each less than the image is long. */
export interface PadForward extends Base<'padForward'> {
  readonly src: TensorId;
  readonly dst: TensorId;
  readonly padding: readonly [number, number, number, number];
  readonly border: Border;
  /** Of the frame where `border` is 'constant'. */
  readonly value: number;
}
/** Gradients of pixels that stand in the frame too are summed. */
export interface PadBackward extends Base<'padBackward'> {
  readonly diffDst: TensorId;
  readonly diffSrc: TensorId;
  readonly padding: readonly [number, number, number, number];
  readonly border: Border;
}

/**
 * `dst = product of srcs`, of one rank; a source may have 1 channel, or 1 x 1 pixels, where dst has more: that value
 * then counts for all of them.
 */
export interface MultiplyForward extends Base<'multiplyForward'> {
  readonly srcs: readonly TensorId[];
  readonly dst: TensorId;
}
/** `diffSrcs[i]` = diffDst times all other srcs, summed over what was repeated; null where no gradient is wanted. */
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
  | MultiplyForward
  | MultiplyBackward;
