import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';

/** Size and time that a file must still have after it has been read. */
interface FileAsSeen {
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

/**
 * SHA-1 of all bytes of a file, as 40 hexadecimal digits; null when it cannot be read, or has changed since `asSeen`.
 */
export async function digestWhole(path: string, asSeen?: FileAsSeen): Promise<string | null> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const digest = createHash('sha1');
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 2 ** 20 }))
      digest.update(chunk as Buffer);
    const { size, mtimeMs } = await handle.stat();
    const isSame = asSeen === undefined || (size === asSeen.sizeBytes && mtimeMs === asSeen.modifiedMs);
    return isSame ? digest.digest('hex') : null;
  } catch {
    return null;
  } finally {
    await handle?.close().catch(() => undefined);
  }
}
