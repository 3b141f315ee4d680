import type { DecodeTarget } from '../pixels/target.ts';
import type { Message } from '#core/words/message.ts';

/** One file and its position in the shared memory. */
export interface DecodeItem {
  readonly path: string;
  /**
   * Size and time from the scan; a file that has changed since then is not decoded, so that a cache always matches its
   * files.
   */
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** States in `DecodeBatch.status`, one per file. */
export const ITEM_STATE = { waiting: 0, started: 1, decoded: 2, failed: 3 } as const;

/** Files and the shared memory they are decoded into; the same for all workers. */
export interface DecodeBatch {
  readonly target: DecodeTarget;
  /** `[items, height, width, channels]`, from `pixelOffset` on. */
  readonly pixels: SharedArrayBuffer;
  readonly pixelOffset: number;
  /** One `ITEM_STATE` for each item, as Int32. */
  readonly status: SharedArrayBuffer;
}

/** Message to a worker: decode these items of the batch. */
export interface DecodeRequest {
  readonly batch: DecodeBatch;
  readonly items: readonly { readonly index: number; readonly item: DecodeItem }[];
  /** One Int32: nonzero when the images are no longer needed. */
  readonly cancelled: SharedArrayBuffer;
}

/**
 * Message to a worker: end after the current request. Terminating a thread inside libz or libvips can crash the whole
 * process.
 */
export const END_REQUEST = 'end';

/**
 * Message from a worker: a file that failed (`isFinal`: because of its bytes, so it will fail again), or the end of its
 * request.
 */
export type DecodeReply =
  | { readonly kind: 'failed'; readonly index: number; readonly reason: Message; readonly isFinal: boolean }
  | { readonly kind: 'done' };
