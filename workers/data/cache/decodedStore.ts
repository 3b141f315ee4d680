import { rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { AppError } from '#core/diagnostics/appError.ts';
import { InvariantError } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { CACHE_HEADER_BYTES, readFully } from './cacheFile.ts';

/** Describes where decoded images lie, as plain data for another thread. */
export type StoreView =
  | { readonly kind: 'memory'; readonly pixels: SharedArrayBuffer; readonly byteOffset: number }
  | {
      readonly kind: 'file';
      /** Open as long as the store is open. */
      readonly descriptor: number;
      readonly path: string;
      /** CRC-32 of each slot. */
      readonly checksums: Uint32Array;
    };

/** Decoded images by slot, in memory or in a file. */
export interface DecodedStore {
  view(): StoreView;
  /**
   * Copies the images of `slots` one after another into `into`. Throws `AppError('io')` when the cache can no longer be
   * read.
   */
  gather(slots: Uint32Array, into: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** Images held in memory, `[slots, sampleBytes]`. */
export function memoryStore(pixels: Uint8Array, sampleBytes: number): DecodedStore {
  return {
    view: () => {
      const { buffer, byteOffset } = pixels;
      if (!(buffer instanceof SharedArrayBuffer)) throw new InvariantError('decoded pixels not shared');
      return { kind: 'memory', pixels: buffer, byteOffset };
    },
    gather: (slots, into) => {
      slots.forEach((slot, at) => {
        into.set(pixels.subarray(slot * sampleBytes, (slot + 1) * sampleBytes), at * sampleBytes);
      });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** Images read on demand from an open cache file, each checked against its CRC-32. Owns the handle. */
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
    view: () => ({ kind: 'file', descriptor: handle.fd, path, checksums }),
    gather: async (slots, into) => {
      const reads = Array.from(slots, (slot, at) =>
        readSlot(slot, into.subarray(at * sampleBytes, (at + 1) * sampleBytes)),
      );
      try {
        await Promise.all(reads);
      } catch (cause) {
        throw cacheUnreadable(path, cause);
      }
    },
    close: () => handle.close(),
  };
}

/**
 * The error for a cache file that was complete when it was opened but is damaged now. Removes the file, so that the
 * next opening of the set decodes again; readers that have it open can still read the intact images.
 */
export function cacheUnreadable(path: string, cause: unknown): AppError {
  try {
    rmSync(path, { force: true });
  } catch {
    // The file stays, and the next reader finds the same damage.
  }
  return new AppError('io', message('folders.cacheDamaged'), { where: path, cause });
}
