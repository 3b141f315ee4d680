import { decodeUtf8 } from '../export/utf8.ts';
import { message } from '../words/message.ts';
import { byteCursor, type ByteCursor } from './byteCursor.ts';
import { brokenFile, unsupportedFile } from './fileFault.ts';
import { latin1 } from './latin1.ts';

/*
 * The central directory of a zip archive (PKWARE APPNOTE 6.3.10, sections 4.3 and 4.5.3), with zip64. It is
 * authoritative: of a local header only the length is read, since a writer that streams puts the sizes behind the data.
 */
const LOCAL = 0x0403_4b50;
const CENTRAL = 0x0201_4b50;
const END = 0x0605_4b50;
const END64 = 0x0606_4b50;
const LOCATOR64 = 0x0706_4b50;
const END_BYTES = 22;
const MOST_COMMENT = 0xffff;
const CENTRAL_BYTES = 46;
const ENCRYPTED = 1;
const METHODS = new Map([
  [0, 'stored'],
  [8, 'deflated'],
] as const);

export interface ZipEntry {
  readonly name: string;
  readonly method: 'stored' | 'deflated';
  /** In bytes after inflating. */
  readonly size: number;
  /** In bytes in the archive. */
  readonly packedSize: number;
  readonly crc: number;
  /** Of the first byte of the data. */
  readonly offset: number;
}

interface Directory {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
}

/** All entries but folders, in the order of the directory. Throws a fault. */
export function readDirectory(bytes: Uint8Array<ArrayBuffer>): readonly ZipEntry[] {
  const { count, size, offset } = findDirectory(bytes);
  if (count * CENTRAL_BYTES > size) throw brokenFile(message('weightFiles.zipDirectoryWrong'));
  const cursor = byteCursor(bytes.subarray(0, offset + size), offset);
  const entries: ZipEntry[] = [];
  const ranges: { readonly from: number; readonly to: number }[] = [];
  for (let index = 0; index < count; index += 1) {
    const { entry, from } = readEntry(bytes, cursor, offset);
    ranges.push({ from, to: entry.offset + entry.packedSize });
    if (!entry.name.endsWith('/')) entries.push(entry);
  }
  checkNames(entries);
  checkOverlaps(ranges);
  return entries;
}

function findDirectory(bytes: Uint8Array<ArrayBuffer>): Directory {
  const end = findEnd(bytes);
  const cursor = byteCursor(bytes, end + 4);
  const disks = [cursor.u16(), cursor.u16()];
  const [here, count, size, offset] = [cursor.u16(), cursor.u16(), cursor.u32(), cursor.u32()];
  const wide = findEnd64(bytes, end);
  const directory = wide?.directory ?? { count, size, offset };
  if (disks.some((disk) => disk !== 0 && disk !== 0xffff) || here !== count)
    throw unsupportedFile(message('weightFiles.zipSplit'));
  if (directory.offset + directory.size > (wide?.at ?? end))
    throw brokenFile(message('weightFiles.zipDirectoryWrong'));
  return directory;
}

/** Offset of the last record, whose comment ends with the file. */
function findEnd(bytes: Uint8Array<ArrayBuffer>): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const first = Math.max(0, bytes.length - END_BYTES - MOST_COMMENT);
  for (let at = bytes.length - END_BYTES; at >= first; at -= 1) {
    const isEnd = view.getUint32(at, true) === END;
    if (isEnd && at + END_BYTES + view.getUint16(at + 20, true) === bytes.length) return at;
  }
  throw brokenFile(message('weightFiles.zipNoDirectory', { bytes: bytes.length }));
}

/** The zip64 record, where its locator is directly before the last record. */
function findEnd64(
  bytes: Uint8Array<ArrayBuffer>,
  end: number,
): { readonly at: number; readonly directory: Directory } | null {
  if (end < 20) return null;
  const locator = byteCursor(bytes, end - 20);
  if (locator.u32() !== LOCATOR64) return null;
  locator.u32();
  const at = locator.size64();
  if (at + 56 > end - 20) throw brokenFile(message('weightFiles.zipDirectoryWrong'));
  const cursor = byteCursor(bytes, at);
  if (cursor.u32() !== END64) throw brokenFile(message('weightFiles.zipDirectoryWrong'));
  cursor.take(20);
  const here = cursor.size64();
  const count = cursor.size64();
  if (here !== count) throw unsupportedFile(message('weightFiles.zipSplit'));
  return { at, directory: { count, size: cursor.size64(), offset: cursor.size64() } };
}

function readEntry(
  bytes: Uint8Array<ArrayBuffer>,
  cursor: ByteCursor,
  directoryAt: number,
): { readonly entry: ZipEntry; readonly from: number } {
  if (cursor.u32() !== CENTRAL) throw brokenFile(message('weightFiles.zipDirectoryWrong'));
  cursor.take(4);
  const [flags, methodCode] = [cursor.u16(), cursor.u16()];
  cursor.take(4);
  const [crc, packed32, size32] = [cursor.u32(), cursor.u32(), cursor.u32()];
  const [nameBytes, extraBytes, commentBytes] = [cursor.u16(), cursor.u16(), cursor.u16()];
  cursor.take(8);
  const offset32 = cursor.u32();
  const name = textOf(cursor.take(nameBytes));
  const [size, packedSize, from] = widen([size32, packed32, offset32], cursor.take(extraBytes));
  cursor.take(commentBytes);
  const method = METHODS.get(methodCode as 0 | 8);
  if (flags & ENCRYPTED) throw unsupportedFile(message('weightFiles.zipEncrypted', { name }));
  if (method === undefined)
    throw unsupportedFile(message('weightFiles.zipMethod', { name, method: methodCode }));
  const offset = dataStart(bytes, from, name);
  if (offset + packedSize > directoryAt || (method === 'stored' && size !== packedSize))
    throw brokenFile(message('weightFiles.zipEntryOutside', { name }));
  return { entry: { name, method, size, packedSize, crc, offset }, from };
}

/** The values of a central header; those that are all ones follow in the zip64 extra field, in this order. */
function widen(
  values: readonly [size: number, packed: number, offset: number],
  extra: Uint8Array<ArrayBuffer>,
): [size: number, packed: number, offset: number] {
  const wide = extraField(extra, 1);
  const next = (value: number): number => (value === 0xffff_ffff && wide !== null ? wide.size64() : value);
  return [next(values[0]), next(values[1]), next(values[2])];
}

function extraField(extra: Uint8Array<ArrayBuffer>, wanted: number): ByteCursor | null {
  const cursor = byteCursor(extra);
  while (cursor.remaining() >= 4) {
    const id = cursor.u16();
    const field = cursor.take(cursor.u16());
    if (id === wanted) return byteCursor(field);
  }
  return null;
}

/** Offset of an entry's data, behind its local header at `from`. */
function dataStart(bytes: Uint8Array<ArrayBuffer>, from: number, name: string): number {
  if (from > bytes.length) throw brokenFile(message('weightFiles.zipEntryOutside', { name }));
  const local = byteCursor(bytes, from);
  if (local.u32() !== LOCAL) throw brokenFile(message('weightFiles.zipEntryOutside', { name }));
  local.take(22);
  const [nameBytes, extraBytes] = [local.u16(), local.u16()];
  if (textOf(local.take(nameBytes)) !== name) throw brokenFile(message('weightFiles.zipNames', { name }));
  local.take(extraBytes);
  return local.position();
}

/** Names are UTF-8 by a flag that writers often omit, and else of an old code page, of which only ASCII is common. */
function textOf(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes);
  } catch {
    return latin1(bytes);
  }
}

function checkNames(entries: readonly ZipEntry[]): void {
  const seen = new Set<string>();
  for (const { name } of entries) {
    if (seen.has(name)) throw brokenFile(message('weightFiles.zipNameTwice', { name }));
    if (/^[/\\]|(^|[/\\])\.\.([/\\]|$)/u.test(name))
      throw brokenFile(message('weightFiles.zipNameOutside', { name }));
    seen.add(name);
  }
}

/** Entries that share bytes make a small archive inflate to any size. */
function checkOverlaps(ranges: { readonly from: number; readonly to: number }[]): void {
  ranges.sort((a, b) => a.from - b.from);
  let end = 0;
  for (const { from, to } of ranges) {
    if (from < end) throw brokenFile(message('weightFiles.zipOverlap'));
    end = to;
  }
}
