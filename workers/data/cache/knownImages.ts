import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openCacheFile, type CacheShape, type OpenCache } from './cacheFile.ts';
import { matchImages, type Wanted } from './matchImages.ts';
import { CACHE_NAME } from './pruneCache.ts';

/** Maximum number of other caches that are searched for the images of a set without a cache of its own. */
const LOOK_INTO = 16;

/** An image that need not be decoded again. */
export interface KnownImage {
  /** Index of the image in the set. */
  readonly picture: number;
  readonly cache: OpenCache;
  readonly slot: number;
}

interface KnownImages {
  /** In the order of their positions on the disk. */
  readonly pictures: readonly KnownImage[];
  close(): Promise<void>;
}

/**
 * Finds the images of a set that other sets of the same policy have already decoded: the folder has grown, some files
 * have changed, or it is split in another way. The most recently used caches are searched first. Throws
 * `AppError('interrupted')`.
 */
export async function findKnownImages(
  folder: string,
  shape: Pick<CacheShape, 'policy' | 'sampleBytes'>,
  wanted: Wanted,
  signal?: AbortSignal,
): Promise<KnownImages> {
  const open: OpenCache[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map(({ handle }) => handle.close().catch(() => undefined)));
  };
  try {
    const pictures: KnownImage[] = [];
    let missing = wanted.items.map((_, picture) => picture);
    for (const path of await recentCaches(folder)) {
      if (missing.length === 0) break;
      const cache = await openCacheFile(path, shape);
      if (cache === null) continue;
      open.push(cache);
      const { slots } = await matchImages(cache, pick(wanted, missing), { signal });
      const found = missing.flatMap((picture, at) => knownAt(picture, cache, slots[at] ?? -1));
      for (const picture of found.sort((a, b) => a.slot - b.slot)) pictures.push(picture);
      missing = missing.filter((_, at) => (slots[at] ?? -1) < 0);
    }
    return { pictures, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function knownAt(picture: number, cache: OpenCache, slot: number): KnownImage[] {
  return slot < 0 ? [] : [{ picture, cache, slot }];
}

function pick({ items, digests }: Wanted, numbers: readonly number[]): Wanted {
  return {
    items: numbers.flatMap((number) => items[number] ?? []),
    digests: digests.pick(Uint32Array.from(numbers)),
  };
}

/** Paths of finished caches, most recently used first. */
async function recentCaches(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => CACHE_NAME.test(name));
  const entries = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      return { path, usedMs: (await stat(path).catch(() => null))?.mtimeMs ?? 0 };
    }),
  );
  const recent = entries.sort((a, b) => b.usedMs - a.usedMs).slice(0, LOOK_INTO);
  return recent.map(({ path }) => path);
}
