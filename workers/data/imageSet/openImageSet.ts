import { must } from '#core/diagnostics/invariantError.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { BatchSlots } from './batchSlots.ts';
import { openCacheFile } from '../cache/cacheFile.ts';
import type { DecodedStore } from '../cache/decodedStore.ts';
import { statisticsOf } from '../cache/histograms.ts';
import { decodeSet } from './decodeSet.ts';
import type { ImageSet, ImageSetOptions, SetContents } from './imageSet.ts';
import { makePlanInParts, type ImageSetPlan } from './imageSetPlan.ts';
import { reuseCache, storeOnFile, type Opened } from './reuseCache.ts';

/**
 * Decodes a subset of a scanned folder once, into a cache file and into memory where it fits, and opens it for reading.
 * Images are identified by content: a cache of the same images and target is reused wherever the images lie and
 * whatever their names, and images in other caches are copied from there. Files that cannot be decoded are left out and
 * listed. Throws `AppError`: 'interrupted' when the signal is aborted (nothing incomplete is left), 'folder-no-images'
 * when no image can be decoded, 'disk-full' or 'output-not-writable' when a set that does not fit into memory cannot be
 * cached.
 */
export async function openImageSet(options: ImageSetOptions): Promise<ImageSet> {
  const plan = await makePlanInParts(options);
  const opened = (await reuseCache(plan, options.signal)) ?? (await decodeSet(options, plan));
  if (plan.images.length > 0 && opened.trailer.failed.length === plan.images.length) {
    await opened.store.close();
    throw nothingDecoded(options, plan, opened);
  }
  return makeSet(options, plan, opened);
}

/** No function in here may refer to `opened`: it would keep the images in memory after `letGo`. */
function makeSet({ target }: ImageSetOptions, plan: ImageSetPlan, opened: Opened): ImageSet {
  const { trailer, slotOf, report } = opened;
  const home = openHome(opened.store, plan);
  const reasons = new Map(trailer.failed.map(({ slot, reason }) => [slot, reason]));
  const isThere = (_: unknown, at: number): boolean => !reasons.has(slotOf[at] ?? 0);
  const images = plan.images.filter(isThere);
  const slots = slotOf.filter(isThere);
  const labels = Int32Array.from(images, (image) => image.classIndex);
  const fill = { store: home.store, sampleBytes: plan.shape.sampleBytes, labels, slotOf: slots };
  const batches = new BatchSlots(fill);
  const statistics = statisticsOf(trailer.histograms);
  return {
    size: images.length,
    labels,
    files: images.map((image) => image.file),
    skipped: plan.images.flatMap(({ file }, at) => {
      const reason = reasons.get(slotOf[at] ?? 0);
      return reason === undefined ? [] : [{ file, reason }];
    }),
    cache: report,
    read: (indices) => batches.read(indices),
    // Copying from memory is equally fast on demand; only reading from the disk gains from prefetching.
    prefetch: (indices) => (home.isInMemory() ? undefined : batches.prefetch(indices)),
    target,
    pictures: () => ({ store: home.store().view(), slotOf: slots }),
    contents: () => contentsOf(plan, { trailer, slotOf }, plan.images.map(isThere)),
    letGo: home.letGo,
    channelStatistics: () => Promise.resolve(statistics),
    close: () => home.store().close(),
  };
}

/** Where the images of a set are: in memory, and later perhaps in their file alone. */
interface Home {
  store(): DecodedStore;
  isInMemory(): boolean;
  readonly letGo: ImageSet['letGo'];
}

function openHome(first: DecodedStore, plan: ImageSetPlan): Home {
  let present = first;
  let isInMemory = plan.inMemory;
  return {
    store: () => present,
    isInMemory: () => isInMemory,
    letGo: async () => {
      if (!isInMemory) return;
      // Closing a set in memory waits until its file is complete.
      await present.close();
      const cache = await openCacheFile(plan.path, plan.shape);
      if (cache === null) return;
      present = storeOnFile(cache);
      isInMemory = false;
    },
  };
}

/** `isThere`: whether an image of the plan was decoded, and so is a sample. */
function contentsOf(
  { items, digests, shape }: ImageSetPlan,
  { trailer, slotOf }: Pick<Opened, 'trailer' | 'slotOf'>,
  isThere: readonly boolean[],
): SetContents {
  const samples = Uint32Array.from([...isThere.keys()].filter((at) => isThere[at]));
  const largeAt = new Map(trailer.large.map(({ slot, ...entry }) => [slot, entry]));
  return {
    items: Array.from(samples, (at) => must(items[at], `file ${at}`)),
    digests: digests.pick(samples),
    policy: shape.policy,
    large: [...samples].flatMap((at, picture) => {
      const entry = largeAt.get(slotOf[at] ?? -1);
      return entry === undefined ? [] : [{ picture, ...entry }];
    }),
  };
}

function nothingDecoded(options: ImageSetOptions, plan: ImageSetPlan, { trailer, slotOf }: Opened): AppError {
  const first = trailer.failed[0];
  const file = plan.images[slotOf.indexOf(first?.slot ?? 0)]?.file ?? '';
  const said = message('folders.noneDecodes', {
    images: plan.images.length,
    file,
    reason: first?.reason ?? '',
  });
  return new AppError('folder-no-images', said, { where: options.scan.root });
}
