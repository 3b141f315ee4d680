import { readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { CACHE_HEADER_BYTES } from './cacheFile.ts';
import type { KnownImage } from './knownImages.ts';

/**
 * Reads a decoded image from a cache into `into`; false when the cache can no longer be read there or its checksum is
 * wrong. The read is synchronous: it takes a few microseconds for a small image, ten times less than with one promise
 * per image.
 */
export function copyKnown({ cache, slot }: KnownImage, into: Uint8Array): boolean {
  try {
    const position = CACHE_HEADER_BYTES + slot * into.length;
    for (let done = 0; done < into.length;) {
      const got = readSync(cache.handle.fd, into, done, into.length - done, position + done);
      if (got === 0) return false;
      done += got;
    }
  } catch {
    return false;
  }
  return crc32(into) === cache.checksums[slot];
}
