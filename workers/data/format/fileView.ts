import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { IMAGE_LIMITS } from './limits.ts';

/** The bytes of a file that are examined; `tail` is its end, the same as `head` when `complete`. */
export interface FileView {
  /** Null for bytes in memory, which are always complete. */
  readonly path: string | null;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly head: Buffer;
  readonly tail: Buffer;
  readonly complete: boolean;
}

/** Reads a small file completely, and front and end of a large one, into `buffer`. Throws Node's errors. */
export function viewFile(path: string, buffer: Buffer): FileView {
  return withFile(path, (handle) => {
    const { size, mtimeMs } = fstatSync(handle);
    const complete = size <= IMAGE_LIMITS.wholeReadBytes;
    const wanted = complete ? size : IMAGE_LIMITS.headBytes;
    const head = buffer.subarray(0, readSync(handle, buffer, 0, wanted, 0));
    const tailAt = size - IMAGE_LIMITS.tailBytes;
    const tail = complete
      ? head
      : buffer.subarray(wanted, wanted + readSync(handle, buffer, wanted, IMAGE_LIMITS.tailBytes, tailAt));
    return { path, sizeBytes: size, modifiedMs: mtimeMs, head, tail, complete };
  });
}

/** A complete file in memory. */
export function viewBytes(bytes: Buffer): FileView {
  return { path: null, sizeBytes: bytes.length, modifiedMs: 0, head: bytes, tail: bytes, complete: true };
}

/** Opens without blocking, in case the image has been replaced by a named pipe. */
export function withFile<T>(path: string, use: (handle: number) => T): T {
  const handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return use(handle);
  } finally {
    closeSync(handle);
  }
}
