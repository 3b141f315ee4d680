import { fstatSync, readSync } from 'node:fs';

/** Bytes with random access: those of a file or of a buffer. */
export interface ByteSource {
  readonly size: number;
  /** Returns the bytes from `at` on, at most `length`: fewer at the end, none after it. */
  read(at: number, length: number): Buffer;
}

export function bufferSource(bytes: Buffer): ByteSource {
  return { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) };
}

/** Reads of an open file; throws Node's errors. */
export function fileSource(handle: number): ByteSource {
  const { size } = fstatSync(handle);
  return {
    size,
    read(at, length) {
      const wanted = Math.min(length, size - at);
      if (!(wanted > 0)) return Buffer.alloc(0);
      const bytes = Buffer.alloc(wanted);
      return bytes.subarray(0, readSync(handle, bytes, 0, wanted, at));
    },
  };
}
