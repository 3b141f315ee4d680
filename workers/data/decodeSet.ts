import { makeFolders } from '../host/makeFolders.ts';
import { join } from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { toOutputError } from '../host/atomicFile.ts';
import { buildCache, type BuiltCache } from './cache/buildCache.ts';
import { createCacheWriter, openCacheFile, type CacheWriter } from './cache/cacheFile.ts';
import { memoryStore } from './cache/decodedStore.ts';
import { pruneCache } from './cache/pruneCache.ts';
import type { CacheReport, ImageSetOptions } from './imageSet.ts';
import type { ImageSetPlan } from './imageSetPlan.ts';
import { storeOnFile, type Opened } from './reuseCache.ts';

/** Decodes every picture of a plan and writes its cache. Throws `AppError`; see `openImageSet`. */
export async function decodeSet(options: ImageSetOptions, plan: ImageSetPlan): Promise<Opened> {
  if (plan.inMemory) return buildInMemory(options, plan);
  const writer = await beginWriting(options, plan);
  await decodeAll(options, plan, writer);
  const cache = await openCacheFile(plan.path, plan.shape);
  if (cache === null) {
    throw new AppError('io', 'The cache of decoded images cannot be read back; check the disk.', {
      where: plan.path,
    });
  }
  await pruneCache(options.cacheFolder, plan.path, options.cacheLimitBytes);
  const report: CacheReport = { state: 'built', decoded: plan.images.length, problem: null };
  return { store: storeOnFile(plan, cache), trailer: cache.trailer, report };
}

/** Without room for a cache the run goes on from memory, and says so. */
async function buildInMemory(options: ImageSetOptions, plan: ImageSetPlan): Promise<Opened> {
  const built = await decodeAll(options, plan, null);
  const pixels = must(built.pixels, 'decoded pixels');
  const { problem, finished } = await saveBuilt(options, plan, built, pixels);
  const store = { ...memoryStore(pixels, plan.shape.sampleBytes), close: () => finished };
  const state = problem === null ? 'built' : 'memory-only';
  return { store, trailer: built.trailer, report: { state, decoded: plan.images.length, problem } };
}

interface Saved {
  /** Why no cache can be written. */
  readonly problem: string | null;
  /** Settled when the cache stands, or was given up. */
  readonly finished: Promise<void>;
}

/** Writes the cache; that it reaches the disk and gets its name is not waited for, since the pictures are in memory. */
async function saveBuilt(
  options: ImageSetOptions,
  plan: ImageSetPlan,
  built: BuiltCache,
  pixels: Uint8Array,
): Promise<Saved> {
  let writer: CacheWriter | null = null;
  try {
    writer = await beginWriting(options, plan);
    await writer.writeSlots(0, pixels);
  } catch (thrown) {
    await writer?.abandon();
    return { problem: toOutputError(thrown, options.cacheFolder).message, finished: Promise.resolve() };
  }
  const { abandon } = writer;
  const finished = writer
    .finish(built.trailer, built.checksums)
    .then(() => pruneCache(options.cacheFolder, plan.path, options.cacheLimitBytes), abandon);
  return { problem: null, finished };
}

async function beginWriting(options: ImageSetOptions, plan: ImageSetPlan): Promise<CacheWriter> {
  try {
    makeFolders(options.cacheFolder);
    return await createCacheWriter(plan.path, plan.shape);
  } catch (thrown) {
    throw toOutputError(thrown, options.cacheFolder);
  }
}

async function decodeAll(
  options: ImageSetOptions,
  plan: ImageSetPlan,
  writer: CacheWriter | null,
): Promise<BuiltCache> {
  const total = plan.images.length;
  const items = plan.images.map(({ file, sizeBytes, modifiedMs }) => ({
    path: join(options.scan.root, file),
    sizeBytes,
    modifiedMs,
  }));
  try {
    return await buildCache({
      items,
      target: options.target,
      decoders: options.decoders,
      inMemory: plan.inMemory,
      writer,
      onProgress: (done) => options.onProgress?.(done, total),
      signal: options.signal,
    });
  } catch (thrown) {
    await writer?.abandon();
    throw thrown instanceof Error && 'errno' in thrown ? toOutputError(thrown, options.cacheFolder) : thrown;
  }
}
