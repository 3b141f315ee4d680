import { open } from 'node:fs/promises';
import { LENGTH_BYTES, MAX_HEADER_BYTES, readHeader } from '#core/export/safetensorsHeader.ts';
import { parseHead, type Checkpoint } from './checkpoint.ts';

/**
 * The description of a checkpoint, or of the file of the best epoch, read without its tensors; their hashes are not
 * checked. Null for a file that is not there or cannot be read.
 */
export async function readCheckpointHead(file: string): Promise<Checkpoint | null> {
  try {
    await using handle = await open(file, 'r');
    const { size } = await handle.stat();
    const length = Buffer.alloc(LENGTH_BYTES);
    await handle.read(length, 0, LENGTH_BYTES, 0);
    const end = LENGTH_BYTES + Number(length.readBigUInt64LE());
    if (end > Math.min(size, LENGTH_BYTES + MAX_HEADER_BYTES)) return null;
    const header = Buffer.alloc(end);
    await handle.read(header, 0, end, 0);
    return parseHead(file, readHeader(header, size).metadata);
  } catch {
    return null;
  }
}
