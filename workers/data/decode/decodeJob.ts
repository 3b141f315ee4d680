import type { DecodeTarget } from '../pixels/target.ts';
import type { Message } from '#core/words/message.ts';

/** One file to decode into one place. */
export interface DecodeItem {
  readonly path: string;
  /**
   * As the scan saw the file; one that has changed since is not decoded, so that a cache never lies about its files.
   */
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/** States in `DecodeBatch.status`, one a file. */
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

/** To a worker: decode these items of the batch. */
export interface DecodeRequest {
  readonly batch: DecodeBatch;
  readonly items: readonly { readonly index: number; readonly item: DecodeItem }[];
  /** One Int32: not 0 once nobody wants the images any more. */
  readonly cancelled: SharedArrayBuffer;
}

/**
 * To a worker: end between two requests. A thread that is cut off inside libz or libvips can take the whole process
 * along.
 */
export const END_REQUEST = 'end';

/**
 * From a worker: a file that failed (`isFinal`: its bytes are at fault, so it will fail again), or the end of its
 * request.
 */
export type DecodeReply =
  | { readonly kind: 'failed'; readonly index: number; readonly reason: Message; readonly isFinal: boolean }
  | { readonly kind: 'done' };
