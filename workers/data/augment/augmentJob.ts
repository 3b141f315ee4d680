import type { AugmenterOptions } from '#core/augment/augmenter.ts';
import type { AppErrorData } from '#core/diagnostics/appError.ts';
import type { SharedImages } from '../imageSet/imageSet.ts';

/** What an augmenting thread is started with. */
export interface AugmentSetup {
  readonly augmenter: AugmenterOptions;
  readonly pictures: SharedImages;
  /** Class of each sample. */
  readonly labels: Int32Array;
  /** A counter for each batch place: the number of the last request finished in it. */
  readonly finished: SharedArrayBuffer;
}

/** Asks for a batch; requests are served in order. */
export interface AugmentRequest {
  /** Counts up from 1. */
  readonly ticket: number;
  /** Batch place. */
  readonly place: 0 | 1;
  readonly indices: Uint32Array;
  readonly epoch: number;
  /** `[indices.length, H, W, C]` at least; filled from its start. */
  readonly images: SharedArrayBuffer;
  /** `[indices.length]` at least, int32: filled with the labels, of the larger share where images are mixed. */
  readonly labels: SharedArrayBuffer;
  /** As `LabelMix`, int32 and float32; null when nothing mixes. */
  readonly mix: { readonly labels: SharedArrayBuffer; readonly shares: SharedArrayBuffer } | null;
}

export type AugmentReply =
  | { readonly kind: 'done'; readonly ticket: number }
  | { readonly kind: 'failed'; readonly ticket: number; readonly error: AppErrorData };
