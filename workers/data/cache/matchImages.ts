import type { DecodeItem } from '../decode/decodeJob.ts';
import type { DigestTable } from '../images/digestTable.ts';
import { digestWhole } from '../images/digestWhole.ts';
import { createPace } from '../../threads/pace.ts';
import type { OpenCache } from './cacheFile.ts';
import type { CacheTrailer } from './cacheTrailer.ts';

/** Images that are searched for in caches. */
export interface Wanted {
  readonly items: readonly DecodeItem[];
  /** In the same order as `items`. */
  readonly digests: DigestTable;
}

/** The positions of the images in one cache. */
export interface Match {
  /**
   * Slot of each image; -1 where the cache does not hold it, or holds it only as one that failed for a temporary
   * reason.
   */
  readonly slots: Int32Array;
  readonly isComplete: boolean;
  /** Slot and modification time of large files that were read in full for the comparison. */
  readonly learned: readonly { readonly slot: number; readonly modifiedMs: number }[];
}

export interface MatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** False: files are not read, so that large ones with a new modification time do not match. */
  readonly mayRead?: boolean;
}

/**
 * Finds images in a cache by content. The digest of a small file covers all of it. The digest of a large file covers
 * front, end and size; such a file matches when the cache knows its modification time, or else when it is read in full
 * and has the same SHA-1. Reading takes a tenth of the time of decoding, and is done only where the rest agrees
 * already. Throws `AppError('interrupted')`.
 */
export async function matchImages(
  cache: OpenCache,
  wanted: Wanted,
  { signal, mayRead = true }: MatchOptions = {},
): Promise<Match> {
  const find = cache.digests.finder();
  const passing = new Set(cache.trailer.failed.filter(({ isFinal }) => !isFinal).map(({ slot }) => slot));
  const isForGood = (slot: number): boolean => !passing.has(slot);
  const large = new Map(cache.trailer.large.map((entry) => [entry.slot, entry]));
  const slots = new Int32Array(wanted.items.length).fill(-1);
  const learned: { slot: number; modifiedMs: number }[] = [];
  const pace = createPace(signal);
  for (const [index, item] of wanted.items.entries()) {
    await pace.tick(index, wanted.items.length);
    const candidates = find(wanted.digests, index);
    if (wanted.digests.isWholeAt(index)) {
      slots[index] = candidates.find(isForGood) ?? -1;
      continue;
    }
    const entries = candidates.filter(isForGood).flatMap((slot) => large.get(slot) ?? []);
    const known = entries.find(({ modifiedMs }) => modifiedMs.includes(item.modifiedMs));
    slots[index] = known?.slot ?? -1;
    if (known !== undefined || entries.length === 0 || !mayRead) continue;
    const digest = await digestWhole(item.path, item);
    const same = entries.find((entry) => entry.digest === digest);
    if (same === undefined) continue;
    slots[index] = same.slot;
    learned.push({ slot: same.slot, modifiedMs: item.modifiedMs });
  }
  return { slots, isComplete: slots.every((slot) => slot >= 0), learned };
}

/** A large file may have this many copies, each with its own modification time, before the oldest is dropped. */
const KEPT_TIMES = 8;

/** The trailer of a cache, with the modification times that a match has learned. */
export function withTimes(trailer: CacheTrailer, learned: Match['learned']): CacheTrailer {
  const times = new Map<number, number[]>();
  for (const { slot, modifiedMs } of learned) times.set(slot, [...(times.get(slot) ?? []), modifiedMs]);
  const large = trailer.large.map((entry) => {
    const fresh = times.get(entry.slot) ?? [];
    return { ...entry, modifiedMs: [...entry.modifiedMs, ...fresh].slice(-KEPT_TIMES) };
  });
  return { ...trailer, large };
}
