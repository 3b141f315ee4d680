import { advised } from '../../files/imageReasons.ts';
import { message } from '#core/words/message.ts';
import { bad, type HeaderResult } from './imageHeader.ts';

/** Logical screen size of a GIF (GIF89a, 18). */
export function readGifHeader(bytes: Buffer): HeaderResult {
  if (bytes.length < 13) return bad(message('images.headerCutOff', { format: 'GIF' }));
  return colour(bytes.readUInt16LE(6), bytes.readUInt16LE(8));
}

/**
 * Size of a BMP: BITMAPCOREHEADER has 16-bit sizes, all later headers 32-bit ones; the height is negative for top-down
 * rows.
 */
export function readBmpHeader(bytes: Buffer): HeaderResult {
  if (bytes.length < 30) return bad(message('images.headerCutOff', { format: 'BMP' }));
  if (bytes.readUInt32LE(14) === 12) return colour(bytes.readUInt16LE(18), bytes.readUInt16LE(20));
  const compression = bytes.length < 34 ? 0 : bytes.readUInt32LE(30);
  const bits = bytes.readUInt16LE(28);
  if (compression !== 0 && compression !== 3)
    return bad(advised(message('images.compressedBmp'), 'images.toPng'));
  if (![1, 4, 8, 16, 24, 32].includes(bits)) return bad(message('images.bmpBits', { bits }));
  return colour(bytes.readInt32LE(18), Math.abs(bytes.readInt32LE(22)));
}

/**
 * Size of a WebP (RFC 9649): the lossy, lossless or extended first chunk. Returns `more` when EXIF follows the image,
 * since only a full reader finds the orientation then.
 */
export function readWebpHeader(bytes: Buffer): HeaderResult {
  if (bytes.length < 30) return bad(message('images.headerCutOff', { format: 'WebP' }));
  const chunk = bytes.toString('latin1', 12, 16);
  if (chunk === 'VP8 ') return colour(bytes.readUInt16LE(26) & 0x3fff, bytes.readUInt16LE(28) & 0x3fff);
  if (chunk === 'VP8L') {
    const bits = bytes.readUInt32LE(21);
    return colour((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
  }
  if (chunk !== 'VP8X') return bad(message('images.webpFirstChunk'));
  const hasExif = ((bytes[20] ?? 0) & 8) !== 0;
  return hasExif ? { kind: 'more' } : colour(bytes.readUIntLE(24, 3) + 1, bytes.readUIntLE(27, 3) + 1);
}

/** Length that a WebP declares for itself, header included; a shorter file is truncated. */
export function webpDeclaredBytes(bytes: Buffer): number {
  return bytes.readUInt32LE(4) + 8;
}

function colour(width: number, height: number): HeaderResult {
  return { kind: 'header', header: { width, height, channels: 3, orientation: 1, depth: 'byte' } };
}
