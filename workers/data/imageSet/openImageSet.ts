import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { BatchSlots } from './batchSlots.ts';
import { statisticsOf } from '../cache/histograms.ts';
import { decodeSet } from './decodeSet.ts';
import type { ImageSet, ImageSetOptions } from './imageSet.ts';
import { makePlan, type ImageSetPlan } from './imageSetPlan.ts';
import { reuseCache, type Opened } from './reuseCache.ts';

/**
 * Decodes a subset of a scanned folder once, into a cache file and into memory where it fits, and opens it for reading.
 * Images are identified by content: a cache of the same images and target is reused wherever the images lie and
 * whatever their names, and images in other caches are copied from there. Files that cannot be decoded are left out and
 * listed. Throws `AppError`: 'interrupted' when the signal is aborted (nothing incomplete is left), 'folder-no-images'
 * when no image can be decoded, 'disk-full' or 'output-not-writable' when a set that does not fit into memory cannot be
 * cached.
 */
export async function openImageSet(options: ImageSetOptions): Promise<ImageSet> {
  const plan = makePlan(options);
  const opened = (await reuseCache(plan, options.signal)) ?? (await decodeSet(options, plan));
  if (plan.images.length > 0 && opened.trailer.failed.length === plan.images.length) {
    await opened.store.close();
    throw nothingDecoded(options, plan, opened);
  }
  return makeSet(options, plan, opened);
}

function makeSet({ target }: ImageSetOptions, plan: ImageSetPlan, opened: Opened): ImageSet {
  const reasons = new Map(opened.trailer.failed.map(({ slot, reason }) => [slot, reason]));
  const isThere = (_: unknown, at: number): boolean => !reasons.has(opened.slotOf[at] ?? 0);
  const images = plan.images.filter(isThere);
  const slots = opened.slotOf.filter(isThere);
  const labels = Int32Array.from(images, (image) => image.classIndex);
  const fill = { store: opened.store, sampleBytes: plan.shape.sampleBytes, labels, slotOf: slots };
  const batches = new BatchSlots(fill);
  const statistics = statisticsOf(opened.trailer.histograms);
  return {
    size: images.length,
    labels,
    files: images.map((image) => image.file),
    skipped: plan.images.flatMap(({ file }, at) => {
      const reason = reasons.get(opened.slotOf[at] ?? 0);
      return reason === undefined ? [] : [{ file, reason }];
    }),
    cache: opened.report,
    read: (indices) => batches.read(indices),
    // Copying from memory is equally fast on demand; only reading from the disk gains from prefetching.
    prefetch: (indices) => (plan.inMemory ? undefined : batches.prefetch(indices)),
    target,
    pictures: () => ({ store: opened.store.view(), slotOf: slots }),
    channelStatistics: () => Promise.resolve(statistics),
    close: () => opened.store.close(),
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
