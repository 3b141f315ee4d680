import type { ByteSource } from './byteSource.ts';

/** The first directory of a TIFF or BigTIFF: the numbers of each tag. */
export interface TiffDirectory {
  readonly isLittleEndian: boolean;
  /**
   * Numbers of a tag; empty where it is absent or a text. For tags that do not describe the layout of the pixels: 1
   * where they are present.
   */
  all(tag: number): readonly number[];
  /** First number of a tag, or the default. */
  first(tag: number, absent: number): number;
}

/** Bytes per value of each integer type; tags of other types are not needed here. */
const TYPE_BYTES: Readonly<Record<number, number>> = {
  1: 1,
  3: 2,
  4: 4,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  13: 4,
  16: 8,
  18: 8,
};
/**
 * The tags in this range describe the layout of the pixels: a file without their values is not complete. Profiles and
 * notes in later tags may be broken.
 */
const FIRST_OF_PIXELS = 254;
const LAST_OF_PIXELS = 347;
const MAX_ENTRIES = 4096;
/** An image of 100 megapixels in tiles of 16 x 16, with the maximum number of bands, has fewer. */
const MAX_VALUES = 2_000_000;

interface Reader {
  readonly source: ByteSource;
  readonly isLittleEndian: boolean;
  readonly isBig: boolean;
}

/** Reads the first directory (TIFF 6.0, section 2, and BigTIFF). Null: it lies outside the file or cannot be one. */
export function readDirectory(source: ByteSource): TiffDirectory | null {
  const head = source.read(0, 16);
  if (head.length < 8) return null;
  const isLittleEndian = head[0] === 0x49;
  const isBig = head[isLittleEndian ? 2 : 3] === 0x2b;
  if (isBig && head.length < 16) return null;
  const reader = { source, isLittleEndian, isBig };
  const tags = readEntries(reader, isBig ? wide(reader, head, 8) : whole(reader, head, 4, 4));
  if (tags === null) return null;
  const all = (tag: number): readonly number[] => tags.get(tag) ?? [];
  return { isLittleEndian, all, first: (tag, absent) => all(tag)[0] ?? absent };
}

function readEntries(reader: Reader, at: number): Map<number, number[]> | null {
  const { source, isBig } = reader;
  const countBytes = isBig ? 8 : 2;
  const entryBytes = isBig ? 20 : 12;
  const start = source.read(at, countBytes);
  if (start.length < countBytes) return null;
  const count = isBig ? wide(reader, start, 0) : whole(reader, start, 0, 2);
  if (count === 0 || count > MAX_ENTRIES) return null;
  const entries = source.read(at + countBytes, count * entryBytes);
  if (entries.length < count * entryBytes) return null;
  const tags = new Map<number, number[]>();
  for (let entry = 0; entry < count; entry++) {
    const tag = whole(reader, entries, entry * entryBytes, 2);
    const bytes = entries.subarray(entry * entryBytes, (entry + 1) * entryBytes);
    const values = tag >= FIRST_OF_PIXELS && tag <= LAST_OF_PIXELS ? valuesOf(reader, bytes) : [1];
    if (values === null) return null;
    tags.set(tag, values);
  }
  return tags;
}

/** Empty for texts and other unneeded types; null for values outside the file. */
function valuesOf(reader: Reader, entry: Buffer): number[] | null {
  const size = TYPE_BYTES[whole(reader, entry, 2, 2)];
  const count = reader.isBig ? wide(reader, entry, 4) : whole(reader, entry, 4, 4);
  if (size === undefined || count < 1) return [];
  if (count > MAX_VALUES) return null;
  const inline = entry.subarray(reader.isBig ? 12 : 8);
  const at = reader.isBig ? wide(reader, inline, 0) : whole(reader, inline, 0, 4);
  const bytes = count * size <= inline.length ? inline : reader.source.read(at, count * size);
  if (bytes.length < count * size) return null;
  return Array.from({ length: count }, (_, index) =>
    size === 8 ? wide(reader, bytes, index * 8) : whole(reader, bytes, index * size, size),
  );
}

function whole({ isLittleEndian }: Reader, bytes: Buffer, at: number, size: number): number {
  return isLittleEndian ? bytes.readUIntLE(at, size) : bytes.readUIntBE(at, size);
}

/** A number of eight bytes; beyond 2^53 it is not a valid offset anyway. */
function wide({ isLittleEndian }: Reader, bytes: Buffer, at: number): number {
  return Number(isLittleEndian ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
}
