import { crc32 } from 'node:zlib';
import { exifOrientation } from './exifOrientation.ts';
import { bad, type HeaderResult } from './imageHeader.ts';
import { message, type Message } from '#core/words/message.ts';

const SIGNATURE_BYTES = 8;

/** Reads IHDR and, before the image data, eXIf (PNG specification, third edition, 11.2 and 11.3). */
export function readPngHeader(bytes: Buffer): HeaderResult {
  if (bytes.length < 33) return bad(message('images.headerCutOff', { format: 'PNG' }));
  if (bytes.toString('latin1', 12, 16) !== 'IHDR') return bad(message('images.pngNoHeader'));
  const width = bytes.readUInt32BE(16);
  const height = bytes.readUInt32BE(20);
  const colourType = bytes[25];
  const depth = bytes[24] === 16 ? 'unsigned16' : 'byte';
  const channels = colourType === 0 || colourType === 4 ? 1 : 3;
  return { kind: 'header', header: { width, height, channels, orientation: pngOrientation(bytes), depth } };
}

/**
 * Why the PNG cannot be complete, or null. Walks the chunks, checks each CRC, and requires IEND; `bytes` is the whole
 * file.
 */
export function pngProblem(bytes: Buffer): Message | null {
  let at = SIGNATURE_BYTES;
  while (at + 12 <= bytes.length) {
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) break;
    const type = bytes.toString('latin1', at + 4, at + 8);
    const isCritical = (type.charCodeAt(0) & 0x20) === 0;
    if (isCritical && crc32(bytes.subarray(at + 4, end - 4)) !== bytes.readUInt32BE(end - 4)) {
      return message('images.pngChecksum', { chunk: type.replace(/[^A-Za-z]/g, '?') });
    }
    if (type === 'IEND') return null;
    at = end;
  }
  return message('images.endMissing', { format: 'PNG' });
}

/** True when the last chunk is present; `tail` is the end of a file too large to be read completely. */
export function pngHasEnd(tail: Buffer): boolean {
  return tail.includes('IEND');
}

function pngOrientation(bytes: Buffer): number {
  let at = SIGNATURE_BYTES;
  while (at + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    if (type === 'IDAT' || type === 'IEND') return 1;
    if (type === 'eXIf') return exifOrientation(bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return 1;
}
