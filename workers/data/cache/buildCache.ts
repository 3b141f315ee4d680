import { crc32 } from 'node:zlib';
import { decodeDirectly } from '../decode/decodeDirectly.ts';
import type { DecodeBatch, DecodeItem } from '../decode/decodeJob.ts';
import { decodeBatch } from '../decode/decoderPool.ts';
import { imageAddon } from '../decode/imageAddon.ts';
import { targetBytes, type DecodeTarget } from '../pixels/target.ts';
import { createPace, throwIfAborted } from '../../threads/pace.ts';
import type { CacheTrailer } from './cacheTrailer.ts';
import type { CacheWriter } from './cacheWriter.ts';
import { copyKnown } from './copyKnown.ts';
import { countPixels, type Histograms } from './histograms.ts';
import type { KnownImage } from './knownImages.ts';
import { createWriteAhead } from './writeAhead.ts';

/** Slots decoded between two writes when the whole set does not fit into memory. */
const BLOCK_BYTES = 128 * 2 ** 20;

interface BuildOptions {
  /** The images of the set. */
  readonly items: readonly DecodeItem[];
  /** The images of the set that other caches hold. */
  readonly known: readonly KnownImage[];
  readonly target: DecodeTarget;
  readonly decoders: number;
  /** True: keep every image in memory. */
  readonly inMemory: boolean;
  /** Receives the pixels. */
  readonly writer: CacheWriter;
  /** Called at intervals with the number of images done. */
  readonly onProgress?: ((done: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface BuiltCache {
  /** Without `large`. */
  readonly trailer: CacheTrailer;
  readonly checksums: Uint32Array;
  /** Index of the image in each slot. */
  readonly pictures: Uint32Array;
  /** Number of decoded images; they take the last slots. */
  readonly decoded: number;
  /** `[slots, sampleBytes]` when `inMemory`, else null. */
  readonly pixels: Uint8Array | null;
}

/**
 * Assigns a slot to every image: first those that are copied from other caches, then those that are decoded. Hands the
 * pixels to the writer as they become available and counts them into the histograms. A copy that turns out to be
 * damaged is decoded instead. Throws what pool and writer throw.
 */
export async function buildCache(options: BuildOptions): Promise<BuiltCache> {
  const { items, target, inMemory } = options;
  const sampleBytes = targetBytes(target);
  const perBlock = inMemory ? items.length : Math.max(1, Math.floor(BLOCK_BYTES / sampleBytes));
  const work: Work = {
    sampleBytes,
    perBlock,
    pixels: new SharedArrayBuffer(Math.min(items.length, perBlock) * sampleBytes),
    counts: new Float64Array(target.channels * 256),
    trailer: { failed: [], histograms: [], large: [] },
    checksums: new Uint32Array(items.length),
    pictures: new Uint32Array(items.length),
    done: 0,
  };
  await copyAll(options, work);
  const copied = work.done;
  const isCopied = new Set(work.pictures.subarray(0, copied));
  const rest = [...items.keys()].filter((image) => !isCopied.has(image));
  for (let at = 0; at < rest.length; at += perBlock)
    await decodeBlock(options, work, rest.slice(at, at + perBlock));
  const { counts, trailer, checksums, pictures } = work;
  trailer.histograms.push(...channelsOf(counts).map((channel) => [...channel]));
  const pixels = inMemory ? new Uint8Array(work.pixels) : null;
  return { trailer, checksums, pictures, decoded: rest.length, pixels };
}

/** State of a cache while it is built. */
interface Work {
  readonly sampleBytes: number;
  /** The slots that are in memory at the same time. */
  readonly perBlock: number;
  readonly pixels: SharedArrayBuffer;
  /** Histograms, `[channels, 256]`. */
  readonly counts: Float64Array;
  readonly trailer: CacheTrailer;
  readonly checksums: Uint32Array;
  readonly pictures: Uint32Array;
  /** Number of slots done. */
  done: number;
}

/** The pixels of `slot` in the memory of a block that begins with slot `first`. */
function offsetOf({ sampleBytes }: Work, { inMemory }: BuildOptions, slot: number, first: number): number {
  return (inMemory ? slot : slot - first) * sampleBytes;
}

async function copyAll(options: BuildOptions, work: Work): Promise<void> {
  const pace = createPace(options.signal, (done) => options.onProgress?.(done));
  const histograms = channelsOf(work.counts);
  const failureOf = failureFinder(options.known);
  let first = 0;
  for (const known of options.known) {
    const slot = work.done;
    const at = offsetOf(work, options, slot, first);
    const into = new Uint8Array(work.pixels, at, work.sampleBytes);
    if (!copyKnown(known, into)) continue;
    const failure = failureOf(known);
    if (failure === undefined) countPixels(histograms, into);
    else work.trailer.failed.push({ ...failure, slot });
    work.checksums[slot] = known.cache.checksums[known.slot] ?? 0;
    work.pictures[slot] = known.picture;
    work.done += 1;
    await pace.tick(work.done, options.items.length);
    if (work.done - first === work.perBlock) {
      await writeBlock(options, work, first);
      first = work.done;
    }
  }
  await writeBlock(options, work, first);
}

type Failure = CacheTrailer['failed'][number];

/** Returns a function that reports why a known image has no pixels; undefined when it has pixels. */
function failureFinder(known: readonly KnownImage[]): (picture: KnownImage) => Failure | undefined {
  const caches = new Set(known.map(({ cache }) => cache));
  const failures = new Map(
    [...caches].map((cache) => [cache, new Map(cache.trailer.failed.map((entry) => [entry.slot, entry]))]),
  );
  return ({ cache, slot }) => failures.get(cache)?.get(slot);
}

/** Hands the copied slots from `first` on to the writer. */
async function writeBlock(options: BuildOptions, work: Work, first: number): Promise<void> {
  const count = work.done - first;
  if (count === 0) return;
  const at = offsetOf(work, options, first, first);
  await options.writer.writeSlots(first, new Uint8Array(work.pixels, at, count * work.sampleBytes));
}

async function decodeBlock(options: BuildOptions, work: Work, pictures: readonly number[]): Promise<void> {
  const first = work.done;
  const items = pictures.flatMap((picture) => options.items[picture] ?? []);
  const pixelOffset = offsetOf(work, options, first, first);
  const status = new SharedArrayBuffer(items.length * 4);
  const batch = { target: options.target, pixels: work.pixels, pixelOffset, status };
  const checksums = work.checksums.subarray(first, first + items.length);
  const ahead = createWriteAhead(options.writer, {
    first,
    states: new Int32Array(status),
    pixels: new Uint8Array(work.pixels, pixelOffset, items.length * work.sampleBytes),
  });
  const report = (done: number): void => {
    ahead.poke();
    options.onProgress?.(first + done);
  };
  const left = await decodePlainFiles(batch, items, checksums, work.counts, report, options);
  const failures = await decodeBatch(batch, items, {
    decoders: options.decoders,
    indices: left,
    signal: options.signal,
    onProgress: (done) => report(items.length - left.length + done),
  });
  const pixelsOf = (index: number): Uint8Array =>
    new Uint8Array(work.pixels, pixelOffset + index * work.sampleBytes, work.sampleBytes);
  for (const { index, reason, isFinal } of failures) {
    pixelsOf(index).fill(0);
    work.trailer.failed.push({ slot: first + index, reason, isFinal });
  }
  const failed = new Set(failures.map((failure) => failure.index));
  const histograms = channelsOf(work.counts);
  for (const index of left) {
    checksums[index] = crc32(pixelsOf(index));
    if (!failed.has(index)) countPixels(histograms, pixelsOf(index));
  }
  work.pictures.set(pictures, first);
  work.done += items.length;
  report(items.length);
  throwIfAborted(options.signal);
  await ahead.finish();
}

/**
 * The fast path for plain JPEG and PNG. Returns the numbers of the files that it does not decode: all of them where
 * there is no direct decoder.
 */
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
