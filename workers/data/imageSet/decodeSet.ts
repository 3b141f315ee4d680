import { makeFolders } from '../../files/makeFolders.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message, type Message } from '#core/words/message.ts';
import { toOutputError } from '../../files/atomicFile.ts';
import { buildCache, type BuiltCache } from '../cache/buildCache.ts';
import { openCacheFile, type CacheTables } from '../cache/cacheFile.ts';
import type { CacheTrailer } from '../cache/cacheTrailer.ts';
import { createCacheWriter, type CacheWriter } from '../cache/cacheWriter.ts';
import { memoryStore } from '../cache/decodedStore.ts';
import { createForgivingWriter, type ForgivingWriter } from '../cache/forgivingWriter.ts';
import { findKnownImages, type KnownImage } from '../cache/knownImages.ts';
import { largeFiles } from '../cache/largeFiles.ts';
import { pruneCache } from '../cache/pruneCache.ts';
import type { CacheReport, ImageSetOptions } from './imageSet.ts';
import type { ImageSetPlan } from './imageSetPlan.ts';
import { storeOnFile, type Opened } from './reuseCache.ts';

/**
 * Decodes the images of a plan that no cache holds yet, copies the others from their caches, and writes the plan's own
 * cache. Throws `AppError`; see `openImageSet`.
 */
export async function decodeSet(options: ImageSetOptions, plan: ImageSetPlan): Promise<Opened> {
  const known = await findKnownImages(options.cacheFolder, plan.shape, plan, options.signal);
  try {
    return await (plan.inMemory ? buildInMemory : buildOnDisk)(options, plan, known.pictures);
  } finally {
    await known.close();
  }
}

/** A cache that is complete except for its trailer. */
interface Made extends BuiltCache {
  readonly tables: CacheTables;
  /** For each image of the plan. */
  readonly slotOf: Uint32Array;
}

async function buildOnDisk(
  options: ImageSetOptions,
  plan: ImageSetPlan,
  known: readonly KnownImage[],
): Promise<Opened> {
  const writer = await beginWriting(options, plan);
  const { trailer, tables, slotOf, decoded } = await make(options, plan, known, writer);
  try {
    await writer.finish(trailer, tables);
  } catch (thrown) {
    await writer.abandon();
    throw toOutputError(thrown, options.cacheFolder);
  }
  const cache = await openCacheFile(plan.path, plan.shape);
  if (cache === null) {
    throw new AppError('io', message('folders.cacheUnreadable'), { where: plan.path });
  }
  await pruneCache(options.cacheFolder, plan.path, options.cacheLimitBytes);
  const report = reportOf(decoded, null);
  return { store: storeOnFile(cache), trailer: cache.trailer, slotOf, report };
}

/** If the disk has no room for a cache, the run continues from memory and reports it. */
async function buildInMemory(
  options: ImageSetOptions,
  plan: ImageSetPlan,
  known: readonly KnownImage[],
): Promise<Opened> {
  const writer = await createForgivingWriter(() => beginWriting(options, plan));
  const made = await make(options, plan, known, writer);
  const failure = writer.failure();
  const problem = failure === null ? null : toOutputError(failure.cause, options.cacheFolder).said;
  const finished = problem === null ? complete(options, plan, made, writer) : Promise.resolve();
  const pixels = must(made.pixels, 'decoded pixels');
  const store = { ...memoryStore(pixels, plan.shape.sampleBytes), close: () => finished };
  const { trailer, slotOf, decoded } = made;
  return { store, trailer, slotOf, report: reportOf(decoded, problem) };
}

function reportOf(decoded: number, problem: Message | null): CacheReport {
  if (problem !== null) return { state: 'memory-only', decoded, problem };
  return { state: decoded === 0 ? 'reused' : 'built', decoded, problem };
}

/** Finishes a cache that is also in memory; the caller does not wait until it is synced and renamed. Never throws. */
async function complete(
  options: ImageSetOptions,
  plan: ImageSetPlan,
  { trailer, tables }: Made,
  writer: ForgivingWriter,
): Promise<void> {
  await writer.finish(trailer, tables);
  if (writer.failure() === null) await pruneCache(options.cacheFolder, plan.path, options.cacheLimitBytes);
}

async function beginWriting(options: ImageSetOptions, plan: ImageSetPlan): Promise<CacheWriter> {
  try {
    makeFolders(options.cacheFolder);
    return await createCacheWriter(plan.path, plan.shape);
  } catch (thrown) {
    throw toOutputError(thrown, options.cacheFolder);
  }
}

/**
 * Decodes the images and, at the same time, computes the digests of large files. Discards the cache file when that
 * fails.
 */
async function make(
  options: ImageSetOptions,
  plan: ImageSetPlan,
  known: readonly KnownImage[],
  writer: CacheWriter,
): Promise<Made> {
  const ended = new AbortController();
  const signals = [ended.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const large = largeFiles(plan, known, AbortSignal.any(signals));
  try {
    const built = await buildCache({
      items: plan.items,
      known,
      target: options.target,
      decoders: options.decoders,
      inMemory: plan.inMemory,
      writer,
      onProgress: (done) => options.onProgress?.(done, plan.images.length),
      signal: options.signal,
    });
    return withTables(plan, built, await large);
  } catch (thrown) {
    await writer.abandon();
    throw thrown instanceof Error && 'errno' in thrown ? toOutputError(thrown, options.cacheFolder) : thrown;
  } finally {
    ended.abort();
    await large;
  }
}

function withTables(
  plan: ImageSetPlan,
  built: BuiltCache,
  large: Awaited<ReturnType<typeof largeFiles>>,
): Made {
  const { pictures, checksums } = built;
  const slotOf = new Uint32Array(pictures.length);
  pictures.forEach((image, slot) => {
    slotOf[image] = slot;
  });
  const trailer: CacheTrailer = {
    ...built.trailer,
    large: large.map(({ picture, ...entry }) => ({ slot: slotOf[picture] ?? 0, ...entry })),
  };
  return { ...built, trailer, slotOf, tables: { checksums, digests: plan.digests.pick(pictures) } };
}
