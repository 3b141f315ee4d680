import { utimes } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { CACHE_HEADER_BYTES, openCacheFile, readFully, type OpenCache } from '../cache/cacheFile.ts';
import type { CacheTrailer } from '../cache/cacheTrailer.ts';
import { replaceTrailer } from '../cache/cacheWriter.ts';
import { fileStore, memoryStore, type DecodedStore } from '../cache/decodedStore.ts';
import { matchImages, withTimes, type Match, type MatchOptions } from '../cache/matchImages.ts';
import type { CacheReport } from './imageSet.ts';
import { createPace } from '../../threads/pace.ts';
import type { ImageSetPlan } from './imageSetPlan.ts';

/** Decoded images, and how they were obtained. */
export interface Opened {
  readonly store: DecodedStore;
  readonly trailer: CacheTrailer;
  /** Slot of each image of the plan. */
  readonly slotOf: Uint32Array;
  readonly report: CacheReport;
}

/** What decides which cache file holds a set, and whether it is read as a whole. */
export type CachePlan = Pick<ImageSetPlan, 'items' | 'digests' | 'shape' | 'path' | 'inMemory'>;

/**
 * Opens the cache of a plan; null when there is none that is complete and holds every image with a final result: an
 * image that failed for a temporary reason (permissions, a crash) is decoded again. Throws `AppError('interrupted')`.
 */
export async function reuseCache(plan: CachePlan, signal?: AbortSignal): Promise<Opened | null> {
  const found = await openWhole(plan, { signal });
  if (found === null) return null;
  const { cache, match } = found;
  if (match.learned.length > 0) await replaceTrailer(cache, withTimes(cache.trailer, match.learned));
  const store = plan.inMemory ? await loadStore(cache, signal) : storeOnFile(cache);
  if (store === null) return null;
  const now = new Date();
  await utimes(plan.path, now, now).catch(() => undefined);
  const report: CacheReport = { state: 'reused', decoded: 0, problem: null };
  return { store, trailer: cache.trailer, slotOf: Uint32Array.from(match.slots), report };
}

/**
 * Opens the cache of a plan where it holds a final result for every image, else returns null. Throws
 * `AppError('interrupted')`.
 */
export async function openWhole(
  plan: CachePlan,
  options: MatchOptions,
): Promise<{ cache: OpenCache; match: Match } | null> {
  const cache = await openCacheFile(plan.path, plan.shape);
  if (cache === null) return null;
  let isUsed = false;
  try {
    const match = await matchImages(cache, plan, options);
    isUsed = match.isComplete;
    return isUsed ? { cache, match } : null;
  } finally {
    if (!isUsed) await cache.handle.close();
  }
}

/**
 * Reads a whole cache file into shared memory; null when an image fails its checksum. Closes the file. Throws
 * 'interrupted'.
 */
async function loadStore(
  { handle, shape, checksums }: OpenCache,
  signal: AbortSignal | undefined,
): Promise<DecodedStore | null> {
  const { slots, sampleBytes } = shape;
  const pixels = new Uint8Array(new SharedArrayBuffer(slots * sampleBytes));
  try {
    await readFully(handle, CACHE_HEADER_BYTES, pixels);
  } catch {
    return null;
  } finally {
    await handle.close();
  }
  const pace = createPace(signal);
  for (const [slot, checksum] of checksums.entries()) {
    if (crc32(pixels.subarray(slot * sampleBytes, (slot + 1) * sampleBytes)) !== checksum) return null;
    await pace.tick(slot, slots);
  }
  return memoryStore(pixels, sampleBytes);
}

/** Reads a set from its cache file, batch by batch. */
export function storeOnFile({ handle, path, checksums, shape }: OpenCache): DecodedStore {
  return fileStore(handle, path, checksums, shape.sampleBytes);
}
