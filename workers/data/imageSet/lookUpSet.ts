import { existsSync } from 'node:fs';
import { statisticsOf, type ChannelStatistics } from '../cache/histograms.ts';
import type { ImageSetOptions } from './imageSet.ts';
import { makePlan } from './imageSetPlan.ts';
import { openWhole } from './reuseCache.ts';

/** Known facts about a set that has been decoded. */
export interface KnownSet {
  /** Indices into `options.indices` of images that do not decode and therefore have no sample number. */
  readonly failed: ReadonlySet<number>;
  /** The same as `ImageSet.channelStatistics`. */
  readonly statistics: ChannelStatistics;
}

/**
 * Returns a function that looks a set up in its cache on each call: null until it has been decoded. Reads no image and
 * decodes nothing; the hash of the contents is computed once.
 */
export function setLookUp(options: Omit<ImageSetOptions, 'decoders'>): () => Promise<KnownSet | null> {
  const { path } = makePlan(options);
  return async () => {
    if (!existsSync(path)) return null;
    const found = await openWhole(makePlan(options), { mayRead: false });
    if (found === null) return null;
    const { cache, match } = found;
    await cache.handle.close();
    const unusable = new Set(cache.trailer.failed.map(({ slot }) => slot));
    const failed = new Set([...match.slots.keys()].filter((at) => unusable.has(match.slots[at] ?? -1)));
    return { failed, statistics: statisticsOf(cache.trailer.histograms) };
  };
}
