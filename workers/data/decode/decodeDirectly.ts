import { throwIfAborted } from '../../threads/pace.ts';
import { ITEM_STATE, type DecodeBatch, type DecodeItem } from './decodeJob.ts';
import type { ImageAddon } from './imageAddon.ts';
import { targetBytes } from '../pixels/target.ts';

const PROGRESS_EVERY_MS = 50;

interface DirectOptions {
  readonly threads: number;
  /** CRC-32 of each image that is decoded. */
  readonly checksums: Uint32Array;
  /** Histograms, `[channels, 256]`: the bytes of the decoded images are added. */
  readonly histograms: Float64Array;
  readonly signal?: AbortSignal | undefined;
  /** Called at intervals with the number of files processed. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Decodes all files that the direct decoder supports into the batch's shared memory, in threads of the addon. Returns
 * the numbers of the files that are left to the general decoder. Throws `AppError('interrupted')` when the signal is
 * aborted.
 */
export async function decodeDirectly(
  addon: ImageAddon,
  batch: DecodeBatch,
  items: readonly DecodeItem[],
  options: DirectOptions,
): Promise<number[]> {
  throwIfAborted(options.signal);
  const { target } = batch;
  const control = new Int32Array(2);
  const states = new Int32Array(batch.status);
  const abort = (): void => void Atomics.store(control, 0, 1);
  options.signal?.addEventListener('abort', abort, { once: true });
  const ticking = setInterval(() => options.onProgress?.(Atomics.load(control, 1)), PROGRESS_EVERY_MS);
  try {
    await addon.decodeFiles({
      count: items.length,
      paths: Buffer.from(items.map((item) => `${item.path}\0`).join('')),
      sizes: Float64Array.from(items, (item) => item.sizeBytes),
      times: Float64Array.from(items, (item) => item.modifiedMs),
      target,
      pixels: new Uint8Array(batch.pixels, batch.pixelOffset, items.length * targetBytes(target)),
      states,
      control,
      ...options,
    });
  } finally {
    clearInterval(ticking);
    options.signal?.removeEventListener('abort', abort);
  }
  throwIfAborted(options.signal);
  return [...items.keys()].filter((index) => states[index] !== ITEM_STATE.decoded);
}
