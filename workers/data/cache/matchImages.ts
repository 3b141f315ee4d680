import type { DecodeItem } from '../decode/decodeJob.ts';
import type { DigestTable } from '../images/digestTable.ts';
import { digestWhole } from '../images/digestWhole.ts';
import { createPace } from '../../threads/pace.ts';
import type { OpenCache } from './cacheFile.ts';
import type { CacheTrailer } from './cacheTrailer.ts';

/** Images that are looked for in caches. */
export interface Wanted {
  readonly items: readonly DecodeItem[];
  /** Of `items`, in the same order. */
  readonly digests: DigestTable;
}

/** Where the images lie in one cache. */
export interface Match {
  /** Slot of each image; -1 where the cache does not hold it, or only as one that failed for a passing reason. */
  readonly slots: Int32Array;
  readonly isComplete: boolean;
  /** Slot and time of large files that were read to know them. */
  readonly learned: readonly { readonly slot: number; readonly modifiedMs: number }[];
}

export interface MatchOptions {
  readonly signal?: AbortSignal | undefined;
  /** False: files are not read, so that large ones with a new time of change do not match. */
  readonly mayRead?: boolean;
}

/**
 * Finds images in a cache by content. The digest of a small file covers all of it. Of a large one it covers front, end
 * and size, so such a file must also have a time of change under which the cache knows it, or is read whole and
 * compared: a tenth of the work of decoding it, and done only where the rest agrees already. Throws
 * `AppError('interrupted')`.
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

/** A large file may stand in so many places, each with its own time of change, before the oldest is forgotten. */
const KEPT_TIMES = 8;

/** The trailer of a cache with the times of change that a match has learned. */
export function withTimes(trailer: CacheTrailer, learned: Match['learned']): CacheTrailer {
  const times = new Map<number, number[]>();
  for (const { slot, modifiedMs } of learned) times.set(slot, [...(times.get(slot) ?? []), modifiedMs]);
  const large = trailer.large.map((entry) => {
    const fresh = times.get(entry.slot) ?? [];
    return { ...entry, modifiedMs: [...entry.modifiedMs, ...fresh].slice(-KEPT_TIMES) };
  });
  return { ...trailer, large };
}
