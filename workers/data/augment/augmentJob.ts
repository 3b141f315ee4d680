import type { AugmenterOptions } from '#core/augment/augmenter.ts';
import type { AppErrorData } from '#core/diagnostics/appError.ts';
import type { SharedImages } from '../imageSet/imageSet.ts';

/** The worker data of an augmenting thread. */
export interface AugmentSetup {
  readonly augmenter: AugmenterOptions;
  readonly pictures: SharedImages;
  /** Class of each sample. */
  readonly labels: Int32Array;
  /** One counter per batch buffer: the number of the last request completed in it. */
  readonly finished: SharedArrayBuffer;
}

/** Requests a batch; requests are served in order. */
export interface AugmentRequest {
  /** Number of the request; increasing from 1. */
  readonly ticket: number;
  /** Index of the batch buffer. */
  readonly place: 0 | 1;
  readonly indices: Uint32Array;
  readonly epoch: number;
  /** `[indices.length, H, W, C]` or larger; filled from its start. */
  readonly images: SharedArrayBuffer;
  /** `[indices.length]` or larger, int32: the labels; for mixed images, the label of the larger share. */
  readonly labels: SharedArrayBuffer;
  /** As in `LabelMix`, int32 and float32; null when no images are mixed. */
  readonly mix: { readonly labels: SharedArrayBuffer; readonly shares: SharedArrayBuffer } | null;
}

export type AugmentReply =
  | { readonly kind: 'done'; readonly ticket: number }
  | { readonly kind: 'failed'; readonly ticket: number; readonly error: AppErrorData };
