import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { BatchSlots } from './batchSlots.ts';
import { statisticsOf } from './cache/histograms.ts';
import { decodeSet } from './decodeSet.ts';
import type { ImageSet, ImageSetOptions } from './imageSet.ts';
import { makePlan, type ImageSetPlan } from './imageSetPlan.ts';
import { reuseCache, type Opened } from './reuseCache.ts';

export type { ImageSet, ImageSetOptions } from './imageSet.ts';

/**
 * Decodes a subset of a scanned folder once, into a cache file and into memory where it fits, and opens it for reading; a cache
 * that fits folder, files, sizes, times and target is used as it is. Files that cannot be decoded are left out and listed.
 * Throws `AppError`: 'interrupted' when the signal is aborted (nothing half-made is left), 'folder-no-images' when no picture
 * can be decoded, 'disk-full' or 'output-not-writable' when a set that does not fit into memory cannot be cached.
 */
export async function openImageSet(options: ImageSetOptions): Promise<ImageSet> {
  const plan = makePlan(options);
  const opened = (await reuseCache(plan)) ?? (await decodeSet(options, plan));
  if (plan.images.length > 0 && opened.trailer.failed.length === plan.images.length) {
    await opened.store.close();
    throw nothingDecoded(options, plan, opened.trailer);
  }
  return makeSet(options, plan, opened);
}

function makeSet({ target }: ImageSetOptions, plan: ImageSetPlan, opened: Opened): ImageSet {
  const reasons = new Map(opened.trailer.failed.map(({ slot, reason }) => [slot, reason]));
  const slots = plan.slotOf.filter((slot) => !reasons.has(slot));
  const images = Array.from(slots, (slot) => must(plan.images[slot], `slot ${slot}`));
  const labels = Int32Array.from(images, (image) => image.classIndex);
  const fill = { store: opened.store, sampleBytes: plan.shape.sampleBytes, labels, slotOf: slots };
  const batches = new BatchSlots(fill);
  const statistics = statisticsOf(opened.trailer.histograms);
  return {
    size: images.length,
    labels,
    files: images.map((image) => image.file),
    skipped: [...reasons].map(([slot, reason]) => ({ file: plan.images[slot]?.file ?? '', reason })),
    cache: opened.report,
    read: (indices) => batches.read(indices),
    // Memory is copied as fast when the batch is wanted; only reading from the disk gains from a head start.
    prefetch: (indices) => (plan.inMemory ? undefined : batches.prefetch(indices)),
    target,
    pictures: () => ({ store: opened.store.view(), slotOf: slots }),
    channelStatistics: () => Promise.resolve(statistics),
    close: () => opened.store.close(),
  };
}

function nothingDecoded(options: ImageSetOptions, plan: ImageSetPlan, trailer: Opened['trailer']): AppError {
  const first = trailer.failed[0];
  const file = plan.images[first?.slot ?? 0]?.file ?? '';
  const message = `None of the ${plan.images.length} images can be decoded (${file}: ${first?.reason ?? ''}); check the folder.`;
  return new AppError('folder-no-images', message, { where: options.scan.root });
}
