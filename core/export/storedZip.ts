import { AppError } from '../diagnostics/appError.ts';
import { message } from '../words/message.ts';
import { crc32 } from './crc32.ts';
import { encodeUtf8 } from './utf8.ts';

/** One file of an archive. */
export interface StoredEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The content of each entry begins at a multiple of so many bytes, as `torch.save` places it. */
const ALIGNMENT = 64;
/** Header id of the extra field that PyTorch fills up with (caffe2/serialize/inline_container.cc). */
const PADDING_ID = 0x4246;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
/** Sizes and offsets of an archive without 64-bit records are below this. */
const MOST_ZIP_BYTES = 0xffff_ffff;

/** Throws `AppError('arguments')` for contents of so many bytes, headers included, from 4 GiB on. */
export function requireZipSize(bytes: number): void {
  if (bytes > MOST_ZIP_BYTES) throw new AppError('arguments', message('exporting.tooLargeForZip', { bytes }));
}

interface Placed extends StoredEntry {
  readonly encodedName: Uint8Array;
  readonly crc: number;
  /** Offset of the local header. */
  readonly at: number;
  /** Bytes of the extra field: its header of 4 bytes and padding. */
  readonly extra: number;
}

/**
 * A zip archive (APPNOTE 6.3, 4.3) of entries that are stored, not compressed; each content is aligned to 64 bytes. The
 * caller keeps the sum of all sizes within `requireZipSize`.
 */
export function encodeStoredZip(entries: readonly StoredEntry[]): Uint8Array<ArrayBuffer> {
  const placed = placeEntries(entries);
  const last = placed.at(-1);
  const start = last === undefined ? 0 : contentOf(last) + last.bytes.length;
  const directory = placed.reduce((sum, { encodedName }) => sum + CENTRAL_BYTES + encodedName.length, 0);
  const file = new Uint8Array(start + directory + END_BYTES);
  const view = new DataView(file.buffer);
  let at = start;
  for (const entry of placed) {
    writeLocal(file, view, entry);
    writeCentral(file, view, entry, at);
    at += CENTRAL_BYTES + entry.encodedName.length;
  }
  view.setUint32(at, 0x0605_4b50, true);
  view.setUint16(at + 8, placed.length, true);
  view.setUint16(at + 10, placed.length, true);
  view.setUint32(at + 12, directory, true);
  view.setUint32(at + 16, start, true);
  return file;
}

function placeEntries(entries: readonly StoredEntry[]): Placed[] {
  let at = 0;
  return entries.map(({ name, bytes }) => {
    const encodedName = encodeUtf8(name);
    const before = at + LOCAL_BYTES + encodedName.length + 4;
    const extra = 4 + ((ALIGNMENT - (before % ALIGNMENT)) % ALIGNMENT);
    const entry = { name, bytes, encodedName, crc: crc32(bytes), at, extra };
    at = contentOf(entry) + bytes.length;
    return entry;
  });
}

function contentOf({ at, encodedName, extra }: Placed): number {
  return at + LOCAL_BYTES + encodedName.length + extra;
}

function writeLocal(file: Uint8Array, view: DataView, entry: Placed): void {
  const { at, extra, encodedName, bytes } = entry;
  view.setUint32(at, 0x0403_4b50, true);
  writeShared(view, at + 4, entry);
  view.setUint16(at + 28, extra, true);
  file.set(encodedName, at + LOCAL_BYTES);
  const field = at + LOCAL_BYTES + encodedName.length;
  view.setUint16(field, PADDING_ID, true);
  view.setUint16(field + 2, extra - 4, true);
  file.fill(0x5a, field + 4, field + extra);
  file.set(bytes, contentOf(entry));
}

function writeCentral(file: Uint8Array, view: DataView, entry: Placed, at: number): void {
  view.setUint32(at, 0x0201_4b50, true);
  writeShared(view, at + 6, entry);
  view.setUint32(at + 42, entry.at, true);
  file.set(entry.encodedName, at + CENTRAL_BYTES);
}

/** The fields that both headers have in the same order, from the version needed to the length of the name. */
function writeShared(view: DataView, at: number, { crc, bytes, encodedName }: Placed): void {
  view.setUint16(at, 20, true);
  view.setUint16(at + 2, 0x0800, true); // names are UTF-8
  view.setUint16(at + 8, 0x21, true); // 1 January 1980, the first date of the format
  view.setUint32(at + 10, crc, true);
  view.setUint32(at + 14, bytes.length, true);
  view.setUint32(at + 18, bytes.length, true);
  view.setUint16(at + 22, encodedName.length, true);
}
