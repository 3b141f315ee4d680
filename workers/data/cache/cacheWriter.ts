import { constants } from 'node:fs';
import { copyFile, open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import {
  CACHE_HEADER_BYTES,
  closingBytes,
  headerOf,
  pixelsEnd,
  type CacheShape,
  type CacheTables,
  type OpenCache,
} from './cacheFile.ts';
import { sweepTemporaries, temporaryName } from '../../files/temporaryFiles.ts';
import type { CacheTrailer } from './cacheTrailer.ts';

/** Writes a cache file part by part under a temporary name. */
export interface CacheWriter {
  /** Writes the pixels of consecutive slots, from `firstSlot` on. Throws Node's error. */
  writeSlots(firstSlot: number, pixels: Uint8Array): Promise<void>;
  /** Completes the file, syncs it and renames it to its final name. Throws Node's error. */
  finish(trailer: CacheTrailer, tables: CacheTables): Promise<void>;
  /** Removes the incomplete file. Never throws. */
  abandon(): Promise<void>;
}

/**
 * Starts a cache file with the final name `path`, and removes temporary files that killed builds left beside it. Throws
 * Node's error when the folder cannot be written.
 */
export async function createCacheWriter(path: string, shape: CacheShape): Promise<CacheWriter> {
  await sweepTemporaries(dirname(path));
  const temporary = temporaryName(path);
  const handle = await open(temporary, 'wx');
  return {
    writeSlots: (firstSlot, pixels) =>
      writeExactly(handle, CACHE_HEADER_BYTES + firstSlot * shape.sampleBytes, pixels),
    finish: async (trailer, tables) => {
      await writeExactly(handle, pixelsEnd(shape), closingBytes(trailer, tables));
      await writeExactly(handle, 0, headerOf(shape));
      await handle.sync();
      await handle.close();
      await rename(temporary, path);
    },
    abandon: async () => {
      await handle.close().catch(() => undefined);
      await unlink(temporary).catch(() => undefined);
    },
  };
}

/**
 * Replaces a cache file by a copy with another trailer. Never throws: without the new trailer, its information is
 * computed again.
 */
export async function replaceTrailer(cache: OpenCache, trailer: CacheTrailer): Promise<void> {
  const temporary = temporaryName(cache.path);
  try {
    await copyFile(cache.path, temporary, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    const handle = await open(temporary, 'r+');
    try {
      await handle.truncate(pixelsEnd(cache.shape));
      await writeExactly(handle, pixelsEnd(cache.shape), closingBytes(trailer, cache));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, cache.path);
  } catch {
    await unlink(temporary).catch(() => undefined);
  }
}

async function writeExactly(handle: FileHandle, position: number, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(bytes.length - done, 2 ** 30);
    done += (await handle.write(bytes, done, length, position + done)).bytesWritten;
  }
}
