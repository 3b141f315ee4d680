import { randomBytes } from 'node:crypto';
import { open, rename, unlink, type FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { cacheTrailerSchema, type CacheTrailer } from './cacheTrailer.ts';

/**
 * One decoded subset in a file:
 *
 *     0   8  'NLPIX001'
 *     8  32  key, SHA-256
 *    40   8  slots, sampleBytes: UInt32LE
 *    48  16  zeros
 *    64      slots * sampleBytes pixels
 *            slots * 4: CRC-32 of each slot, UInt32LE
 *            trailer, JSON in UTF-8
 *            16: trailer length, CRC-32 of the trailer, CRC-32 of the CRC table: UInt32LE; 'LEND'
 *
 * Written under a temporary name, synced and renamed, so that a file of the right name is whole; length, ends and checksums
 * are checked all the same, and a file that fails any of it is not used.
 */
const MAGIC = 'NLPIX001';
const END = 'LEND';
export const CACHE_HEADER_BYTES = 64;
const END_BYTES = 16;

/** What a cache file must be to be used. */
export interface CacheShape {
  /** SHA-256, hexadecimal. */
  readonly key: string;
  readonly slots: number;
  readonly sampleBytes: number;
}

export interface OpenCache {
  readonly handle: FileHandle;
  readonly trailer: CacheTrailer;
  /** CRC-32 of each slot's pixels. */
  readonly checksums: Uint32Array;
}

/** Opens a cache file and checks it; null when it is missing, torn, stale or damaged. The pixels themselves are not read. */
export async function openCacheFile(path: string, shape: CacheShape): Promise<OpenCache | null> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const ends = await readEnds(handle, shape);
    if (ends === null) await handle.close();
    return ends === null ? null : { handle, ...ends };
  } catch {
    await handle?.close();
    return null;
  }
}

async function readEnds(handle: FileHandle, shape: CacheShape): Promise<Omit<OpenCache, 'handle'> | null> {
  const header = await readExactly(handle, 0, CACHE_HEADER_BYTES);
  if (!header.equals(headerOf(shape))) return null;
  const { size } = await handle.stat();
  const end = await readExactly(handle, size - END_BYTES, END_BYTES);
  const trailerBytes = end.readUInt32LE(0);
  const tableAt = CACHE_HEADER_BYTES + shape.slots * shape.sampleBytes;
  const trailerAt = tableAt + shape.slots * 4;
  if (end.toString('latin1', 12) !== END || trailerAt + trailerBytes + END_BYTES !== size) return null;
  const table = await readExactly(handle, tableAt, shape.slots * 4);
  const trailer = await readExactly(handle, trailerAt, trailerBytes);
  if (crc32(trailer) !== end.readUInt32LE(4) || crc32(table) !== end.readUInt32LE(8)) return null;
  const parsed = cacheTrailerSchema.safeParse(JSON.parse(trailer.toString('utf8')));
  if (!parsed.success) return null;
  const checksums = Uint32Array.from({ length: shape.slots }, (_, slot) => table.readUInt32LE(slot * 4));
  return { trailer: parsed.data, checksums };
}

/** Writes a cache file piece by piece under a temporary name. */
export interface CacheWriter {
  /** Pixels of consecutive slots from `firstSlot` on. Throws Node's error. */
  writeSlots(firstSlot: number, pixels: Uint8Array): Promise<void>;
  /** Completes the file, brings it to the disk and gives it its name. Throws Node's error. */
  finish(trailer: CacheTrailer, checksums: Uint32Array): Promise<void>;
  /** Removes what was written. Never throws. */
  abandon(): Promise<void>;
}

/** Begins a cache file that will stand at `path`. Throws Node's error when the folder cannot be written. */
export async function createCacheWriter(path: string, shape: CacheShape): Promise<CacheWriter> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const handle = await open(temporary, 'wx');
  const pixelsEnd = CACHE_HEADER_BYTES + shape.slots * shape.sampleBytes;
  return {
    writeSlots: (firstSlot, pixels) =>
      writeExactly(handle, CACHE_HEADER_BYTES + firstSlot * shape.sampleBytes, pixels),
    finish: async (trailer, checksums) => {
      await writeExactly(handle, pixelsEnd, closingBytes(trailer, checksums));
      await writeExactly(handle, 0, headerOf(shape));
      await handle.sync();
      await handle.close();
      await rename(temporary, path);
    },
    abandon: async () => {
      await handle.close().catch(() => undefined);
      await unlink(temporary).catch(() => undefined);
    },
  };
}

function headerOf(shape: CacheShape): Buffer {
  const header = Buffer.alloc(CACHE_HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.write(shape.key, 8, 'hex');
  header.writeUInt32LE(shape.slots, 40);
  header.writeUInt32LE(shape.sampleBytes, 44);
  return header;
}

function closingBytes(trailer: CacheTrailer, checksums: Uint32Array): Buffer {
  const table = Buffer.alloc(checksums.length * 4);
  checksums.forEach((checksum, slot) => table.writeUInt32LE(checksum, slot * 4));
  const json = Buffer.from(JSON.stringify(trailer), 'utf8');
  const end = Buffer.alloc(END_BYTES);
  end.writeUInt32LE(json.length, 0);
  end.writeUInt32LE(crc32(json), 4);
  end.writeUInt32LE(crc32(table), 8);
  end.write(END, 12, 'latin1');
  return Buffer.concat([table, json, end]);
}

/** Fills `into` from the file. Throws a RangeError when the file ends first. */
export async function readFully(handle: FileHandle, position: number, into: Uint8Array): Promise<void> {
  let done = 0;
  while (done < into.length) {
    // Linux reads at most 2 GiB at once, so a large buffer is filled in pieces.
    const length = Math.min(into.length - done, 2 ** 30);
    const { bytesRead } = await handle.read(into, done, length, position + done);
    if (bytesRead === 0) throw new RangeError('the file ends early');
    done += bytesRead;
  }
}

async function readExactly(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  if (position < 0) throw new RangeError('the file ends early');
  const buffer = Buffer.alloc(length);
  await readFully(handle, position, buffer);
  return buffer;
}

async function writeExactly(handle: FileHandle, position: number, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const length = Math.min(bytes.length - done, 2 ** 30);
    done += (await handle.write(bytes, done, length, position + done)).bytesWritten;
  }
}
