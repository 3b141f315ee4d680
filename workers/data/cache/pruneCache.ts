import { readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Maximum disk space of the decoded subsets in one cache folder; the least recently used are deleted first. */
const CACHE_LIMIT_GIB = 8;

/** The limit in bytes: 8 GiB, or the value of NORMLAB_CACHE_GIB in GiB (0: only the set in use is kept). */
export function cacheLimitBytes(wanted = process.env['NORMLAB_CACHE_GIB']): number {
  const gib = Number(wanted);
  return (wanted === undefined || wanted.trim() === '' || !(gib >= 0) ? CACHE_LIMIT_GIB : gib) * 2 ** 30;
}
export const CACHE_EXTENSION = '.pixels';
/** Features that were computed from images: cache files with other contents, bounded together with them. */
export const FEATURES_EXTENSION = '.features';
/** The name of a finished cache file of images. */
export const CACHE_NAME = /^[0-9a-f]{64}\.pixels$/;
const ANY_CACHE_NAME = /^[0-9a-f]{64}\.(pixels|features)$/;

/**
 * Deletes cache files, least recently used first, until at most `limitBytes` are left; never deletes `keep`. Touches
 * only files with NormLab's own endings; files that are being written are not caches yet, and `sweepTemporaries`
 * removes those of killed builds. Never throws: a cache that cannot be pruned is still usable.
 */
export async function pruneCache(
  folder: string,
  keep: string,
  limitBytes = cacheLimitBytes(),
): Promise<void> {
  const files = await listCache(folder);
  let keptBytes = files.find(({ path }) => path === keep)?.sizeBytes ?? 0;
  const others = files.filter(({ path }) => path !== keep).sort((a, b) => b.usedMs - a.usedMs);
  for (const file of others) {
    if (keptBytes + file.sizeBytes <= limitBytes) keptBytes += file.sizeBytes;
    else await unlink(file.path).catch(() => undefined);
  }
}

interface CacheEntry {
  readonly path: string;
  readonly sizeBytes: number;
  readonly usedMs: number;
}

async function listCache(folder: string): Promise<CacheEntry[]> {
  const names = await readdir(folder).catch(() => []);
  const entries: CacheEntry[] = [];
  for (const name of names.filter((each) => ANY_CACHE_NAME.test(each))) {
    const path = join(folder, name);
    const stats = await stat(path).catch(() => null);
    if (stats !== null) entries.push({ path, sizeBytes: stats.size, usedMs: stats.mtimeMs });
  }
  return entries;
}
