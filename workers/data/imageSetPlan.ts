import { totalmem } from 'node:os';
import { join } from 'node:path';
import { must } from '#core/diagnostics/invariantError.ts';
import type { CacheShape } from './cache/cacheFile.ts';
import { cacheKey } from './cache/cacheKey.ts';
import { CACHE_EXTENSION } from './cache/pruneCache.ts';
import { compareNames } from './compareNames.ts';
import { targetBytes } from './decode/target.ts';
import type { ImageSetOptions } from './imageSet.ts';
import type { ScannedImage } from './imageList.ts';

/** Sets up to this size are held in memory. */
export function defaultMemoryBudget(): number {
  return Math.min(2 ** 30, totalmem() / 4);
}

/** Pictures in cache order (by name, so that the key does not depend on the order of samples). */
export interface ImageSetPlan {
  readonly images: readonly ScannedImage[];
  /** Cache slot of each of `options.indices`. */
  readonly slotOf: Uint32Array;
  readonly shape: CacheShape;
  readonly path: string;
  readonly inMemory: boolean;
}

/** Gives every image of a set its place in the cache. Throws `InvariantError` on an index outside the scan. */
export function makePlan(options: ImageSetOptions): ImageSetPlan {
  const chosen = Array.from(options.indices, (index) =>
    must(options.scan.images.at(index), `image ${index}`),
  );
  const order = chosen
    .map((_, at) => at)
    .sort((a, b) => compareNames(chosen[a]?.file ?? '', chosen[b]?.file ?? ''));
  const slotOf = new Uint32Array(chosen.length);
  order.forEach((at, slot) => {
    slotOf[at] = slot;
  });
  const images = order.map((at) => must(chosen[at], 'chosen image'));
  const sampleBytes = targetBytes(options.target);
  const key = cacheKey(options.scan.root, images, options.target);
  const inMemory = images.length * sampleBytes <= (options.memoryBudgetBytes ?? defaultMemoryBudget());
  const path = join(options.cacheFolder, key + CACHE_EXTENSION);
  return { images, slotOf, shape: { key, slots: images.length, sampleBytes }, path, inMemory };
}
