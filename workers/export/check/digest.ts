import { createHash } from 'node:crypto';
import type { Pace } from '../../threads/pace.ts';

/** Bytes hashed between two turns of the event loop: some milliseconds. */
const PIECE = 4 * 2 ** 20;

/** SHA-256 of a file's bytes in lowercase hexadecimal digits. Throws what `pace` throws. */
export async function sha256Of(bytes: Uint8Array, pace?: Pace): Promise<string> {
  const hash = createHash('sha256');
  for (let start = 0; start < bytes.length; start += PIECE) {
    hash.update(bytes.subarray(start, start + PIECE));
    await pace?.tick(start, bytes.length);
  }
  return hash.digest('hex');
}
