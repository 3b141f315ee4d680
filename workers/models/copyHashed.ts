import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { message } from '#core/words/message.ts';
import { throwIfAborted } from '../threads/pace.ts';

/** Bytes that are copied between two looks at the signal. */
const PIECE = 1024 ** 2;

/** What was copied. */
export interface Copied {
  readonly bytes: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Copies a file, syncs the copy and returns its size and digest. The system's own copy of a large file cannot be
 * cancelled. Throws Node's error, and `AppError('interrupted')` when `signal` aborts; the copy is then incomplete.
 */
export async function copyHashed(from: string, to: string, signal?: AbortSignal): Promise<Copied> {
  const hash = createHash('sha256');
  const source = await open(from, 'r');
  try {
    const copy = await open(to, 'wx');
    try {
      const piece = new Uint8Array(PIECE);
      let bytes = 0;
      for (;;) {
        throwIfAborted(signal, message('lab.cancelled'));
        const { bytesRead } = await source.read(piece);
        if (bytesRead === 0) break;
        const part = piece.subarray(0, bytesRead);
        hash.update(part);
        await copy.writeFile(part);
        bytes += bytesRead;
      }
      await copy.sync();
      return { bytes, sha256: hash.digest('hex') };
    } finally {
      await copy.close();
    }
  } finally {
    await source.close();
  }
}
