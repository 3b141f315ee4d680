import { Inflate } from 'fflate';
import { message } from '../words/message.ts';
import { crc32 } from '../export/crc32.ts';
import { brokenFile } from './fileFault.ts';
import { readDirectory, type ZipEntry } from './zipDirectory.ts';

/** Deflate makes at most 258 bytes of 2 bits. */
const MOST_DEFLATE = 1032;
/** An entry that inflates to more than this many times its bytes, and to more than `FREE_BYTES`, is refused. */
const MOST_RATIO = 200;
const FREE_BYTES = 64 * 2 ** 20;
/** All entries together, where they inflate to more than `MOST_RATIO` times the archive. */
const FREE_TOTAL = 256 * 2 ** 20;
const MOST_BYTES = 2 ** 31;
/** Compressed bytes per call of the inflater, whose buffer may grow to `MOST_DEFLATE` times as much. */
const CHUNK = 65_536;

export interface ZipArchive {
  /** In the order of the directory, without folders. */
  readonly entries: readonly ZipEntry[];
  /**
   * The content of an entry, checked against its CRC the first time; a stored entry is part of the archive's bytes, not
   * a copy. Null where there is no such entry. Throws a fault for a broken entry.
   */
  read(name: string): Uint8Array<ArrayBuffer> | null;
  /** The first bytes of an entry, at most `count`, not compared with its CRC. Null where there is no such entry. */
  start(name: string, count: number): Uint8Array<ArrayBuffer> | null;
}

/**
 * Reads the directory of a zip archive. Throws a fault for a truncated archive, entries that overlap, names that are
 * there twice or lead out of the archive, and entries that would inflate to far more than the archive justifies. With
 * `zeroMeansNoCrc`, a CRC of 0 is not compared: some writers omit the computation.
 */
export function openZip(
  bytes: Uint8Array<ArrayBuffer>,
  options: { readonly zeroMeansNoCrc?: boolean } = {},
): ZipArchive {
  const entries = readDirectory(bytes);
  checkSizes(entries);
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const checked = new Set<string>();
  const start = (entry: ZipEntry, count: number): Uint8Array<ArrayBuffer> => {
    const packed = bytes.subarray(entry.offset, entry.offset + entry.packedSize);
    return entry.method === 'stored' ? packed.subarray(0, count) : inflateEntry(entry, packed, count);
  };
  return {
    entries,
    start: (name, count) => {
      const entry = byName.get(name);
      return entry === undefined ? null : start(entry, Math.min(count, entry.size));
    },
    read: (name) => {
      const entry = byName.get(name);
      if (entry === undefined) return null;
      const content = start(entry, entry.size);
      const isOmitted = entry.crc === 0 && options.zeroMeansNoCrc === true;
      if (!isOmitted && !checked.has(name) && crc32(content) !== entry.crc)
        throw brokenFile(message('weightFiles.zipCrc', { name }));
      checked.add(name);
      return content;
    },
  };
}

function checkSizes(entries: readonly ZipEntry[]): void {
  let [size, packed] = [0, 0];
  for (const entry of entries) {
    if (entry.method === 'stored') continue;
    if (isBomb(entry.size, entry.packedSize, FREE_BYTES) || entry.size > MOST_BYTES)
      throw brokenFile(message('weightFiles.zipBomb', { name: entry.name, bytes: entry.size }));
    size += entry.size;
    packed += entry.packedSize;
  }
  if (isBomb(size, packed, FREE_TOTAL))
    throw brokenFile(message('weightFiles.zipBombTotal', { bytes: size }));
}

function isBomb(size: number, packedSize: number, free: number): boolean {
  return size > packedSize * MOST_DEFLATE || (size > free && size > packedSize * MOST_RATIO);
}

/**
 * The first `wanted` bytes of an entry, in an array of that size; with all of them, the entry must have exactly the
 * size of the directory. Stops as soon as there are more.
 */
function inflateEntry({ name, size }: ZipEntry, packed: Uint8Array, wanted: number): Uint8Array<ArrayBuffer> {
  const content = new Uint8Array(wanted);
  let [at, isEnd] = [0, false];
  const inflater = new Inflate((chunk, final) => {
    if (chunk.length > size - at) throw new RangeError('longer than the directory says');
    content.set(chunk.subarray(0, Math.max(0, wanted - at)), Math.min(at, wanted));
    at += chunk.length;
    isEnd = final;
  });
  const step = Math.min(CHUNK, Math.max(512, wanted));
  try {
    for (let from = 0; from < packed.length && (wanted === size || at < wanted); from += step)
      inflater.push(packed.subarray(from, from + step), from + step >= packed.length);
  } catch (cause) {
    throw brokenFile(message('weightFiles.zipDeflate', { name }), cause);
  }
  if (wanted === size ? at !== size || !isEnd : at < wanted)
    throw brokenFile(message('weightFiles.zipDeflate', { name }));
  return content;
}
