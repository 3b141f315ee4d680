import { digestWhole } from '../images/digestWhole.ts';
import type { CacheTrailer } from './cacheTrailer.ts';
import type { KnownImage } from './knownImages.ts';
import type { Wanted } from './matchImages.ts';

type LargeEntry = CacheTrailer['large'][number];

/** What a cache stores about a large file, by the index of its image in the set. */
export type LargeFile = Omit<LargeEntry, 'slot'> & { readonly picture: number };

/**
 * Returns what a cache of these images stores about the large files among them; a file is read only where no other
 * cache has its digest. Files that changed or were removed, and those not yet read when the signal is aborted, are left
 * out: their images are decoded again later. Never throws.
 */
export async function largeFiles(
  { items, digests }: Wanted,
  known: readonly KnownImage[],
  signal: AbortSignal,
): Promise<LargeFile[]> {
  const entryOf = knownEntries(known);
  const files: LargeFile[] = [];
  for (const [picture, item] of items.entries()) {
    if (digests.isWholeAt(picture) || signal.aborted) continue;
    const entry = entryOf(picture);
    const digest = entry?.digest ?? (await digestWhole(item.path, item));
    if (digest === null) continue;
    const modifiedMs = [...new Set([...(entry?.modifiedMs ?? []), item.modifiedMs])];
    files.push({ picture, digest, modifiedMs });
  }
  return files;
}

function knownEntries(known: readonly KnownImage[]): (picture: number) => LargeEntry | undefined {
  const caches = new Set(known.map(({ cache }) => cache));
  const bySlot = new Map(
    [...caches].map((cache) => [cache, new Map(cache.trailer.large.map((entry) => [entry.slot, entry]))]),
  );
  const entries = new Map<number, LargeEntry>();
  for (const { picture, cache, slot } of known) {
    const entry = bySlot.get(cache)?.get(slot);
    if (entry !== undefined) entries.set(picture, entry);
  }
  return (picture) => entries.get(picture);
}
