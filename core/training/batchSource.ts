import type { LabelMix } from '../backend/backend.ts';

/** A batch of decoded images, lent until the next call. */
export interface ImageBatch {
  /** `[N, H, W, C]`. */
  readonly images: Uint8Array;
  /** `[N]`, indices of classes. */
  readonly labels: Int32Array;
  readonly count: number;
  /** Second labels and shares of images mixed of two, `[N]` each; absent when none is. */
  readonly mix?: LabelMix;
}

/**
 * Where batches come from. The order is the caller's: it hands in sample numbers, so that replay and resume need no
 * state here.
 */
export interface BatchSource {
  /** Number of samples; sample numbers run from 0. */
  readonly size: number;
  /** Class of each sample. */
  readonly labels: Int32Array;
  /** Name of each sample, for messages; absent where samples have none. */
  readonly files?: readonly string[];
  /**
   * Fills the next batch with the samples `indices`, in that order. With `epoch` (from 0), the images are those that
   * training sees in that epoch, augmentation included; without, they are plain.
   */
  read(indices: Uint32Array, epoch?: number): Promise<ImageBatch>;
  /** Tells which samples will be read next, so that they can be made ready; may be ignored. */
  prefetch(indices: Uint32Array, epoch?: number): void;
}
