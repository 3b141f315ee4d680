import { utimes } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { CACHE_HEADER_BYTES, openCacheFile, readFully, type OpenCache } from './cache/cacheFile.ts';
import type { CacheTrailer } from './cache/cacheTrailer.ts';
import { fileStore, memoryStore, type DecodedStore } from './cache/decodedStore.ts';
import type { CacheReport } from './imageSet.ts';
import type { ImageSetPlan } from './imageSetPlan.ts';

/** Decoded pictures, and how they came about. */
export interface Opened {
  readonly store: DecodedStore;
  readonly trailer: CacheTrailer;
  readonly report: CacheReport;
}

/** Opens the cache of a plan; null when there is none that is whole and final. */
export async function reuseCache(plan: ImageSetPlan): Promise<Opened | null> {
  const cache = await openCacheFile(plan.path, plan.shape);
  if (cache === null) return null;
  // A picture that failed for a passing reason (permissions, a crash) deserves another try.
  if (cache.trailer.failed.some((failure) => !failure.isFinal)) {
    await cache.handle.close();
    return null;
  }
  const report: CacheReport = { state: 'reused', decoded: 0, problem: null };
  const store = plan.inMemory ? await loadStore(plan, cache) : storeOnFile(plan, cache);
  if (store === null) return null;
  const now = new Date();
  await utimes(plan.path, now, now).catch(() => undefined);
  return { store, trailer: cache.trailer, report };
}

/** Reads a whole cache file into shared memory; null when a picture fails its checksum. Closes the file. */
async function loadStore({ shape }: ImageSetPlan, cache: OpenCache): Promise<DecodedStore | null> {
  const { slots, sampleBytes } = shape;
  const pixels = new Uint8Array(new SharedArrayBuffer(slots * sampleBytes));
  try {
    await readFully(cache.handle, CACHE_HEADER_BYTES, pixels);
  } catch {
    return null;
  } finally {
    await cache.handle.close();
  }
  const isWhole = cache.checksums.every(
    (checksum, slot) => crc32(pixels.subarray(slot * sampleBytes, (slot + 1) * sampleBytes)) === checksum,
  );
  return isWhole ? memoryStore(pixels, sampleBytes) : null;
}

/** Reads a set from its cache file, batch by batch. */
export function storeOnFile(plan: ImageSetPlan, cache: OpenCache): DecodedStore {
  return fileStore(cache.handle, plan.path, cache.checksums, plan.shape.sampleBytes);
}
