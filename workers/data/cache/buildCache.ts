import { crc32 } from 'node:zlib';
import type { DecodeItem } from '../decode/decodeJob.ts';
import { decodeBatch } from '../decode/decoderPool.ts';
import { targetBytes, type DecodeTarget } from '../decode/target.ts';
import type { CacheTrailer } from './cacheTrailer.ts';
import type { CacheWriter } from './cacheFile.ts';
import { countPixels, emptyHistograms, type Histograms } from './histograms.ts';

/** Slots decoded between two writes when the whole set does not fit into memory. */
const BLOCK_BYTES = 128 * 2 ** 20;

export interface BuildOptions {
  readonly items: readonly DecodeItem[];
  readonly target: DecodeTarget;
  readonly decoders: number;
  /** True: keep every picture in memory. */
  readonly inMemory: boolean;
  /** Takes the pixels; null when no cache can be written. */
  readonly writer: CacheWriter | null;
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BuiltCache {
  readonly trailer: CacheTrailer;
  readonly checksums: Uint32Array;
  /** `[slots, sampleBytes]` when `inMemory`, else null. */
  readonly pixels: Uint8Array | null;
}

/** Decodes every item into its slot, hands the pixels to the writer, and counts them. Throws what pool and writer throw. */
export async function buildCache(options: BuildOptions): Promise<BuiltCache> {
  const { items, target, inMemory } = options;
  const sampleBytes = targetBytes(target);
  const perBlock = inMemory ? items.length : Math.max(1, Math.floor(BLOCK_BYTES / sampleBytes));
  const pixels = new SharedArrayBuffer(Math.min(items.length, perBlock) * sampleBytes);
  const histograms = emptyHistograms(target.channels);
  const built: BuiltCache = {
    trailer: { failed: [], histograms: [] },
    checksums: new Uint32Array(items.length),
    pixels: inMemory ? new Uint8Array(pixels) : null,
  };
  for (let first = 0; first < items.length; first += perBlock) {
    await buildBlock(options, first, items.slice(first, first + perBlock), pixels, built, histograms);
  }
  built.trailer.histograms.push(...histograms.map((counts) => [...counts]));
  await options.writer?.finish(built.trailer, built.checksums);
  return built;
}

async function buildBlock(
  options: BuildOptions,
  first: number,
  items: readonly DecodeItem[],
  pixels: SharedArrayBuffer,
  built: BuiltCache,
  histograms: Histograms,
): Promise<void> {
  const status = new SharedArrayBuffer(items.length * 4);
  const batch = { target: options.target, pixels, pixelOffset: 0, status };
  const failures = await decodeBatch(batch, items, {
    decoders: options.decoders,
    signal: options.signal,
    onProgress: (done) => options.onProgress?.(first + done),
  });
  const sampleBytes = targetBytes(options.target);
  const slotPixels = (slot: number): Uint8Array => new Uint8Array(pixels, slot * sampleBytes, sampleBytes);
  for (const { index, reason, isFinal } of failures) {
    slotPixels(index).fill(0);
    built.trailer.failed.push({ slot: first + index, reason, isFinal });
  }
  const failed = new Set(failures.map((failure) => failure.index));
  items.forEach((_, slot) => {
    built.checksums[first + slot] = crc32(slotPixels(slot));
    if (!failed.has(slot)) countPixels(histograms, slotPixels(slot));
  });
  await options.writer?.writeSlots(first, new Uint8Array(pixels, 0, items.length * sampleBytes));
}
