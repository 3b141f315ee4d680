import { crc32 } from 'node:zlib';
import { decodeDirectly } from '../decode/decodeDirectly.ts';
import type { DecodeBatch, DecodeItem } from '../decode/decodeJob.ts';
import { decodeBatch } from '../decode/decoderPool.ts';
import { imageAddon } from '../decode/imageAddon.ts';
import { targetBytes, type DecodeTarget } from '../decode/target.ts';
import { throwIfAborted } from '../pace.ts';
import type { CacheTrailer } from './cacheTrailer.ts';
import type { CacheWriter } from './cacheFile.ts';
import { countPixels, type Histograms } from './histograms.ts';

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
  const counts = new Float64Array(target.channels * 256);
  const built: BuiltCache = {
    trailer: { failed: [], histograms: [] },
    checksums: new Uint32Array(items.length),
    pixels: inMemory ? new Uint8Array(pixels) : null,
  };
  for (let first = 0; first < items.length; first += perBlock) {
    await buildBlock(options, { first, items: items.slice(first, first + perBlock), pixels, built, counts });
  }
  built.trailer.histograms.push(...channelsOf(counts).map((channel) => [...channel]));
  await options.writer?.finish(built.trailer, built.checksums);
  return built;
}

/** Consecutive items that are in memory at the same time. */
interface Block {
  /** Slot of the first item. */
  readonly first: number;
  readonly items: readonly DecodeItem[];
  readonly pixels: SharedArrayBuffer;
  readonly built: BuiltCache;
  /** `[channels, 256]`. */
  readonly counts: Float64Array;
}

async function buildBlock(options: BuildOptions, block: Block): Promise<void> {
  const { first, items, pixels, built, counts } = block;
  const status = new SharedArrayBuffer(items.length * 4);
  const batch = { target: options.target, pixels, pixelOffset: 0, status };
  const checksums = built.checksums.subarray(first, first + items.length);
  const report = (done: number): void => options.onProgress?.(first + done);
  const left = await decodePlainFiles(batch, items, checksums, counts, report, options);
  const failures = await decodeBatch(batch, items, {
    decoders: options.decoders,
    indices: left,
    signal: options.signal,
    onProgress: (done) => report(items.length - left.length + done),
  });
  const sampleBytes = targetBytes(options.target);
  const slotPixels = (slot: number): Uint8Array => new Uint8Array(pixels, slot * sampleBytes, sampleBytes);
  for (const { index, reason, isFinal } of failures) {
    slotPixels(index).fill(0);
    built.trailer.failed.push({ slot: first + index, reason, isFinal });
  }
  const failed = new Set(failures.map((failure) => failure.index));
  const histograms = channelsOf(counts);
  for (const slot of left) {
    checksums[slot] = crc32(slotPixels(slot));
    if (!failed.has(slot)) countPixels(histograms, slotPixels(slot));
  }
  report(items.length);
  throwIfAborted(options.signal);
  await options.writer?.writeSlots(first, new Uint8Array(pixels, 0, items.length * sampleBytes));
}

/** The short way for plain JPEG and PNG; gives the numbers of the files it leaves, all of them where there is no direct decoder. */
async function decodePlainFiles(
  batch: DecodeBatch,
  items: readonly DecodeItem[],
  checksums: Uint32Array,
  histograms: Float64Array,
  onProgress: (done: number) => void,
  { decoders, signal }: BuildOptions,
): Promise<number[]> {
  const addon = imageAddon();
  if (addon === null) return [...items.keys()];
  return decodeDirectly(addon, batch, items, {
    threads: decoders,
    checksums,
    histograms,
    signal,
    onProgress,
  });
}

function channelsOf(counts: Float64Array): Histograms {
  return Array.from({ length: counts.length / 256 }, (_, channel) =>
    counts.subarray(channel * 256, (channel + 1) * 256),
  );
}
