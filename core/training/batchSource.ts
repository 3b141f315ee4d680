import type { LabelMix } from '../backend/backend.ts';
import type { FloatArray } from '../program/floatArray.ts';

/** A batch of decoded images, or of features that were computed from them; valid until the next call. */
export interface ImageBatch {
  /** Images as bytes `[N, H, W, C]`, features as floats `[N, C, H, W]` or `[N, F]`. */
  readonly images: Uint8Array | FloatArray;
  /** `[N]`, class indices. */
  readonly labels: Int32Array;
  readonly count: number;
  /** Second labels and mixing shares of images mixed from two, `[N]` each; absent when none is mixed. */
  readonly mix?: LabelMix;
}

/** A batch of decoded images. */
export interface PixelBatch extends ImageBatch {
  /** `[N, H, W, C]`. */
  readonly images: Uint8Array;
}

/** Reads batches. The caller decides the order and passes sample numbers, so replay and resume need no state here. */
export interface BatchSource {
  /** Number of samples; sample numbers start at 0. */
  readonly size: number;
  /** Class of each sample. */
  readonly labels: Int32Array;
  /** Name of each sample, for messages; absent where samples have no names. */
  readonly files?: readonly string[];
  /**
   * Reads the samples `indices`, in that order. With `epoch` (from 0), the images are those of training in that epoch,
   * augmentation included; without it, they are not augmented.
   */
  read(indices: Uint32Array, epoch?: number): Promise<ImageBatch>;
  /** Announces the samples that are read next, so that they can be prepared; may be ignored. */
  prefetch(indices: Uint32Array, epoch?: number): void;
}
