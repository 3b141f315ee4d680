import { deflateSync } from 'fflate';
import { crc32 } from '../../export/crc32.ts';
import { ascii, concat, little } from './bytes.ts';

export interface EntryToWrite {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly deflate?: boolean;
  /** What the directory says in the place of the truth. */
  readonly claim?: {
    readonly size?: number;
    readonly packedSize?: number;
    readonly crc?: number;
    readonly method?: number;
    readonly flags?: number;
    /** Offset of the local header. */
    readonly at?: number;
  };
}

interface ZipOptions {
  /** Sizes and offsets of 64 bits throughout. */
  readonly zip64?: boolean;
  /** Sizes behind the data, and zeros in the local headers. */
  readonly descriptors?: boolean;
  readonly comment?: string;
}

const ALL = 0xffff_ffff;

/** A zip archive; entries can claim what is not true. */
export function writeZip(
  entries: readonly EntryToWrite[],
  options: ZipOptions = {},
): Uint8Array<ArrayBuffer> {
  const [locals, centrals]: Uint8Array[][] = [[], []];
  let at = 0;
  for (const entry of entries) {
    const packed = entry.deflate === true ? deflateSync(entry.bytes) : entry.bytes;
    const local = localPart(entry, packed, options);
    locals?.push(local);
    centrals?.push(centralPart(entry, packed, at, options));
    at += local.length;
  }
  const directory = concat(centrals ?? []);
  return concat([...(locals ?? []), directory, endPart(entries.length, directory.length, at, options)]);
}

function localPart(
  { name, bytes, deflate, claim = {} }: EntryToWrite,
  packed: Uint8Array,
  { descriptors = false }: ZipOptions,
): Uint8Array {
  const crc = little(claim.crc ?? crc32(bytes), 4);
  const sizes = concat([little(packed.length, 4), little(bytes.length, 4)]);
  const flags = (claim.flags ?? 0) | (descriptors ? 8 : 0);
  return concat([
    ascii('PK\x03\x04'),
    ...[little(20, 2), little(flags, 2), little(deflate === true ? 8 : 0, 2), little(0, 4)],
    ...(descriptors ? [new Uint8Array(12)] : [crc, sizes]),
    ...[little(name.length, 2), little(4, 2), ascii(name), ascii('FB'), little(0, 2), packed],
    ...(descriptors ? [ascii('PK\x07\x08'), crc, sizes] : []),
  ]);
}

function centralPart(
  { name, bytes, deflate, claim = {} }: EntryToWrite,
  packed: Uint8Array,
  at: number,
  { zip64 = false }: ZipOptions,
): Uint8Array {
  const values = [claim.size ?? bytes.length, claim.packedSize ?? packed.length, claim.at ?? at];
  const [size, packedSize, offset] = values.map((value) => little(zip64 ? ALL : value, 4));
  const extra = zip64
    ? concat([little(1, 2), little(24, 2), ...values.map((value) => little(value, 8))])
    : [];
  return concat([
    ascii('PK\x01\x02'),
    ...[little(20, 2), little(20, 2), little(claim.flags ?? 0, 2)],
    ...[little(claim.method ?? (deflate === true ? 8 : 0), 2), little(0, 4)],
    ...[little(claim.crc ?? crc32(bytes), 4), packedSize ?? [], size ?? []],
    ...[little(name.length, 2), little(extra.length, 2), little(0, 2), little(0, 8)],
    ...[offset ?? [], ascii(name), extra],
  ]);
}

function endPart(
  count: number,
  size: number,
  at: number,
  { zip64 = false, comment = '' }: ZipOptions,
): Uint8Array {
  const wide = zip64
    ? [
        ...[ascii('PK\x06\x06'), little(44, 8), little(45, 2), little(45, 2), little(0, 8)],
        ...[little(count, 8), little(count, 8), little(size, 8), little(at, 8)],
        ...[ascii('PK\x06\x07'), little(0, 4), little(at + size, 8), little(1, 4)],
      ]
    : [];
  const counts = zip64 ? little(ALL, 4) : concat([little(count, 2), little(count, 2)]);
  const places = zip64 ? [little(ALL, 4), little(ALL, 4)] : [little(size, 4), little(at, 4)];
  return concat([
    ...wide,
    ...[ascii('PK\x05\x06'), little(0, 4), counts, ...places],
    ...[little(comment.length, 2), ascii(comment)],
  ]);
}
