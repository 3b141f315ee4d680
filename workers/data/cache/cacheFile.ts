import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { crc32 } from 'node:zlib';
import { DIGEST_BYTES, DigestTable } from '../images/digestTable.ts';
import { cacheTrailerSchema, type CacheTrailer } from './cacheTrailer.ts';

/**
 * One decoded subset in a file, named by its key:
 *
 *     0   8  'NLPIX002'
 *     8  32  key, SHA-256
 *    40   8  slots, sampleBytes: UInt32LE
 *    48  16  first bytes of the policy's SHA-256
 *    64      slots * sampleBytes pixels
 *            slots * 4: CRC-32 of each slot, UInt32LE
 *            slots * 20: digest of the file that each slot was decoded from, as the scan has it
 *            trailer, JSON in UTF-8
 *            16: trailer length, CRC-32 of the trailer, CRC-32 of both tables: UInt32LE; 'LEND'
 *
 * Written under a temporary name, synced and renamed (`cacheWriter.ts`), so that a file with its final name is
 * complete; length, ends and checksums are checked all the same, and a file that fails any of it is not used.
 */
const MAGIC = 'NLPIX002';
const CACHE_END = 'LEND';
export const CACHE_HEADER_BYTES = 64;
const CACHE_END_BYTES = 16;
const CRC_BYTES = 4;
const POLICY_AT = 48;

/** The values that determine the pixels of a cache. */
export interface CacheShape {
  /** SHA-256, hexadecimal, of policy and contents. */
  readonly key: string;
  /** See `policyKey`. */
  readonly policy: string;
  readonly slots: number;
  readonly sampleBytes: number;
}

/** The tables of a cache file: one entry per slot. */
export interface CacheTables {
  /** CRC-32 of each slot's pixels. */
  readonly checksums: Uint32Array;
  /** Digest of the file that each slot was decoded from. */
  readonly digests: DigestTable;
}

export interface OpenCache extends CacheTables {
  readonly path: string;
  readonly handle: FileHandle;
  readonly shape: CacheShape;
  readonly trailer: CacheTrailer;
}

/**
 * Opens and checks a cache file of a policy; null when it is missing, incomplete, damaged or of another policy. The
 * pixels themselves are not read.
 */
export async function openCacheFile(
  path: string,
  kind: Pick<CacheShape, 'policy' | 'sampleBytes'>,
): Promise<OpenCache | null> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const parts = await readParts(handle, { ...kind, key: basename(path).slice(0, 64) });
    if (parts === null) await handle.close();
    return parts === null ? null : { path, handle, ...parts };
  } catch {
    await handle?.close();
    return null;
  }
}

async function readParts(
  handle: FileHandle,
  named: Omit<CacheShape, 'slots'>,
): Promise<Omit<OpenCache, 'handle' | 'path'> | null> {
  const header = await readExactly(handle, 0, CACHE_HEADER_BYTES);
  const shape = { ...named, slots: header.readUInt32LE(40) };
  if (!header.equals(headerOf(shape))) return null;
  const { size } = await handle.stat();
  const end = await readExactly(handle, size - CACHE_END_BYTES, CACHE_END_BYTES);
  const trailerBytes = end.readUInt32LE(0);
  const tableBytes = shape.slots * (CRC_BYTES + DIGEST_BYTES);
  const trailerAt = pixelsEnd(shape) + tableBytes;
  if (end.toString('latin1', 12) !== CACHE_END || trailerAt + trailerBytes + CACHE_END_BYTES !== size)
    return null;
  const tables = await readExactly(handle, pixelsEnd(shape), tableBytes);
  const trailer = await readExactly(handle, trailerAt, trailerBytes);
  if (crc32(trailer) !== end.readUInt32LE(4) || crc32(tables) !== end.readUInt32LE(8)) return null;
  const parsed = cacheTrailerSchema.safeParse(JSON.parse(trailer.toString('utf8')));
  return parsed.success ? { shape, trailer: parsed.data, ...parseTables(tables, shape.slots) } : null;
}

function parseTables(tables: Buffer, slots: number): CacheTables {
  const checksums = Uint32Array.from({ length: slots }, (_, slot) => tables.readUInt32LE(slot * CRC_BYTES));
  return { checksums, digests: DigestTable.fromPacked(tables.subarray(slots * CRC_BYTES)) };
}

/** The offset at which the pixels of a cache file end. */
export function pixelsEnd({ slots, sampleBytes }: CacheShape): number {
  return CACHE_HEADER_BYTES + slots * sampleBytes;
}

/** The header of a cache file. */
export function headerOf(shape: CacheShape): Buffer {
  const header = Buffer.alloc(CACHE_HEADER_BYTES);
  header.write(MAGIC, 0, 'latin1');
  header.write(shape.key, 8, 'hex');
  header.writeUInt32LE(shape.slots, 40);
  header.writeUInt32LE(shape.sampleBytes, 44);
  header.write(shape.policy.slice(0, (CACHE_HEADER_BYTES - POLICY_AT) * 2), POLICY_AT, 'hex');
  return header;
}

/** Everything that follows the pixels in a cache file. */
export function closingBytes(trailer: CacheTrailer, { checksums, digests }: CacheTables): Buffer {
  const table = Buffer.alloc(checksums.length * CRC_BYTES);
  checksums.forEach((checksum, slot) => table.writeUInt32LE(checksum, slot * CRC_BYTES));
  const tables = Buffer.concat([table, digests.packed()]);
  const json = Buffer.from(JSON.stringify(trailer), 'utf8');
  const end = Buffer.alloc(CACHE_END_BYTES);
  end.writeUInt32LE(json.length, 0);
  end.writeUInt32LE(crc32(json), 4);
  end.writeUInt32LE(crc32(tables), 8);
  end.write(CACHE_END, 12, 'latin1');
  return Buffer.concat([tables, json, end]);
}

/** Fills `into` from the file. Throws a RangeError when the file ends first. */
export async function readFully(handle: FileHandle, position: number, into: Uint8Array): Promise<void> {
  let done = 0;
  while (done < into.length) {
    // Linux reads at most 2 GiB at once, so a large buffer is filled in several reads.
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
