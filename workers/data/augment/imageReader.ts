import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { CACHE_HEADER_BYTES } from '../cache/cacheFile.ts';
import { cacheUnreadable, type StoreView } from '../cache/decodedStore.ts';

/** Finds decoded images for a thread that shares a store. */
interface ImageReader {
  /** The image last found, valid after `find` returns. */
  readonly bytes: Uint8Array;
  /**
   * Returns the offset in `bytes` of the image of a slot. Throws `AppError('io')` when the cache can no longer be read.
   */
  find(slot: number): number;
}

/** Opens a store that another thread keeps open. */
export function openReader(store: StoreView, sampleBytes: number): ImageReader {
  if (store.kind === 'memory') {
    const bytes = new Uint8Array(store.pixels, store.byteOffset);
    return { bytes, find: (slot) => slot * sampleBytes };
  }
  const bytes = new Uint8Array(sampleBytes);
  return {
    bytes,
    find: (slot) => {
      try {
        readSlot(store.descriptor, CACHE_HEADER_BYTES + slot * sampleBytes, bytes);
        if (crc32(bytes) !== store.checksums[slot]) throw new RangeError('a checksum is wrong');
      } catch (cause) {
        throw cacheUnreadable(store.path, cause);
      }
      return 0;
    },
  };
}

function readSlot(descriptor: number, position: number, into: Uint8Array): void {
  for (let done = 0; done < into.length;) {
    const got = readSync(descriptor, into, done, into.length - done, position + done);
    if (got === 0) throw new RangeError('the file has become shorter');
    done += got;
  }
}
