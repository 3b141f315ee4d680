import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { FloatArray } from '#core/program/floatArray.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { message } from '#core/words/message.ts';
import { toOutputError } from '../files/atomicFile.ts';
import { makeFolders } from '../files/makeFolders.ts';
import { openCacheFile } from '../data/cache/cacheFile.ts';
import { cacheKey } from '../data/cache/cacheKey.ts';
import { createCacheWriter, type CacheWriter } from '../data/cache/cacheWriter.ts';
import { memoryStore, type DecodedStore } from '../data/cache/decodedStore.ts';
import { createForgivingWriter } from '../data/cache/forgivingWriter.ts';
import { FEATURES_EXTENSION, pruneCache } from '../data/cache/pruneCache.ts';
import type { SetContents } from '../data/imageSet/imageSet.ts';
import { reuseCache, storeOnFile, type CachePlan } from '../data/imageSet/reuseCache.ts';

/** Computes the features of all samples in order and passes them on batch by batch, `[count, F]`, from `first` on. */
export type ComputeAll = (each: (first: number, values: FloatArray) => Promise<void>) => Promise<void>;

interface StoreOptions {
  readonly contents: SetContents;
  /** See `featurePolicy`. */
  readonly policy: string;
  /** Bytes of the features of one sample. */
  readonly sampleBytes: number;
  readonly inMemory: boolean;
  /** True where the features of a sample depend on its number: two equal files then have features of their own. */
  readonly isOrdered: boolean;
  readonly cacheFolder: string;
  readonly cacheLimitBytes?: number | undefined;
  readonly signal: AbortSignal;
  readonly compute: ComputeAll;
}

export interface FeatureStore {
  readonly store: DecodedStore;
  /** Slot of each sample in the store. */
  readonly slotOf: Uint32Array;
  /** True when nothing had to be computed. */
  readonly isReused: boolean;
}

/**
 * Features by sample, from their cache file where there is one, else computed and written there. A file of the lab's
 * cache holds them as it holds decoded images (`cacheFile.ts`): a slot for each sample, found by the content of its
 * image. Throws `AppError`: 'interrupted', and for features that do not fit into memory 'disk-full' or
 * 'output-not-writable'.
 */
export async function openFeatureStore(options: StoreOptions): Promise<FeatureStore> {
  const plan = planOf(options);
  const reused = await reuseCache(plan, options.signal);
  if (reused !== null) {
    const slotOf = options.isOrdered ? inOrder(reused.slotOf.length) : reused.slotOf;
    return { store: reused.store, slotOf, isReused: true };
  }
  const store = await (plan.inMemory ? buildInMemory : buildOnDisk)(options, plan);
  return { store, slotOf: inOrder(plan.shape.slots), isReused: false };
}

function planOf({ contents, policy, sampleBytes, inMemory, cacheFolder }: StoreOptions): CachePlan {
  const { items, digests } = contents;
  const key = cacheKey(policy, digests);
  return {
    ...{ items, digests, inMemory },
    shape: { key, policy, slots: items.length, sampleBytes },
    path: join(cacheFolder, key + FEATURES_EXTENSION),
  };
}

async function buildOnDisk(options: StoreOptions, plan: CachePlan): Promise<DecodedStore> {
  const { cacheFolder } = options;
  const outputError = (thrown: unknown): unknown =>
    thrown instanceof Error && 'errno' in thrown ? toOutputError(thrown, cacheFolder) : thrown;
  const writer = await beginWriting(options, plan).catch((thrown: unknown) => {
    throw outputError(thrown);
  });
  try {
    const finish = await fill(options, plan, writer, null);
    await finish();
  } catch (thrown) {
    await writer.abandon();
    throw outputError(thrown);
  }
  const cache = await openCacheFile(plan.path, plan.shape);
  if (cache === null) throw new AppError('io', message('folders.cacheUnreadable'), { where: plan.path });
  await pruneCache(cacheFolder, plan.path, options.cacheLimitBytes);
  return storeOnFile(cache);
}

/**
 * The file is for later runs: a full disk does not matter to this one, and nobody waits until the file is synced.
 */
async function buildInMemory(options: StoreOptions, plan: CachePlan): Promise<DecodedStore> {
  const { slots, sampleBytes } = plan.shape;
  const values = new Uint8Array(new SharedArrayBuffer(slots * sampleBytes));
  const writer = await createForgivingWriter(() => beginWriting(options, plan));
  try {
    const finish = await fill(options, plan, writer, values);
    const finished = finish().then(async () => {
      if (writer.failure() === null)
        await pruneCache(options.cacheFolder, plan.path, options.cacheLimitBytes);
    });
    return { ...memoryStore(values, sampleBytes), close: () => finished };
  } catch (thrown) {
    await writer.abandon();
    throw thrown;
  }
}

async function beginWriting({ cacheFolder }: StoreOptions, plan: CachePlan): Promise<CacheWriter> {
  makeFolders(cacheFolder);
  return createCacheWriter(plan.path, plan.shape);
}

/** Computes all features; the function that it returns completes the file. */
async function fill(
  { compute, contents }: StoreOptions,
  { shape }: CachePlan,
  writer: CacheWriter,
  values: Uint8Array | null,
): Promise<() => Promise<void>> {
  const { slots, sampleBytes } = shape;
  const checksums = new Uint32Array(slots);
  await compute(async (first, floats) => {
    const bytes = new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
    for (let at = 0; at * sampleBytes < bytes.length; at += 1)
      checksums[first + at] = crc32(bytes.subarray(at * sampleBytes, (at + 1) * sampleBytes));
    values?.set(bytes, first * sampleBytes);
    await writer.writeSlots(first, bytes);
  });
  const large = contents.large.map(({ picture, ...entry }) => ({ slot: picture, ...entry }));
  const trailer = { failed: [], histograms: [], large };
  return () => writer.finish(trailer, { checksums, digests: contents.digests });
}

function inOrder(count: number): Uint32Array {
  return Uint32Array.from({ length: count }, (_, index) => index);
}
