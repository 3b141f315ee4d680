import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { AppError } from '#core/diagnostics/appError.ts';
import { CACHE_HEADER_BYTES, readFully } from './cacheFile.ts';

/** Decoded pictures by slot, wherever they lie. */
export interface DecodedStore {
  /** Copies the pictures of `slots` one after another into `into`. Throws `AppError('io')` when the cache can no longer be read. */
  gather(slots: Uint32Array, into: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Pictures held in memory, `[slots, sampleBytes]`. */
export function memoryStore(pixels: Uint8Array, sampleBytes: number): DecodedStore {
  return {
    gather: (slots, into) => {
      slots.forEach((slot, at) => {
        into.set(pixels.subarray(slot * sampleBytes, (slot + 1) * sampleBytes), at * sampleBytes);
      });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** Pictures read from an open cache file when they are wanted, each checked against its CRC-32. Owns the handle. */
export function fileStore(
  handle: FileHandle,
  path: string,
  checksums: Uint32Array,
  sampleBytes: number,
): DecodedStore {
  const readSlot = async (slot: number, into: Uint8Array): Promise<void> => {
    await readFully(handle, CACHE_HEADER_BYTES + slot * sampleBytes, into);
    if (crc32(into) !== checksums[slot]) throw new RangeError('a checksum is wrong');
  };
  return {
    gather: async (slots, into) => {
      const reads = Array.from(slots, (slot, at) =>
        readSlot(slot, into.subarray(at * sampleBytes, (at + 1) * sampleBytes)),
      );
      try {
        await Promise.all(reads);
      } catch (cause) {
        const message = 'The cache of decoded images can no longer be read; delete it and start again.';
        throw new AppError('io', message, { where: path, cause });
      }
    },
    close: () => handle.close(),
  };
}
