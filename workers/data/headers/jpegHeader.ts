import { advised, unsupportedKind } from '../../files/imageReasons.ts';
import { message, type Message } from '#core/words/message.ts';
import { exifOrientation } from './exifOrientation.ts';
import { bad, type HeaderResult } from './imageHeader.ts';

const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);
const ENDS_EARLY = message('images.jpegEndsEarly');

/**
 * Walks the marker segments up to the frame header (ITU-T T.81, B.1 and B.2.2). `complete`: `bytes` is the whole file.
 * Returns `more` when the frame header lies beyond `bytes`.
 */
export function readJpegHeader(bytes: Buffer, complete: boolean): HeaderResult {
  const outside = complete ? bad(ENDS_EARLY) : ({ kind: 'more' } as const);
  let orientation = 1;
  let at = 2;
  for (;;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at++;
    if (at + 4 > bytes.length) return outside;
    if (bytes[at] !== 0xff) return bad(message('images.jpegNoMarker'));
    const marker = bytes[at + 1] ?? 0;
    const length = bytes.readUInt16BE(at + 2);
    if (marker === 0xda || marker === 0xd9) return bad(message('images.jpegNoFrame'));
    if (marker === 0xf7) return bad(unsupportedKind('JPEG-LS'));
    if (isFrame(marker)) return at + 10 > bytes.length ? outside : readFrame(bytes, at, orientation);
    if (marker === 0xe1) orientation = orientationOf(bytes.subarray(at + 4, at + 2 + length), orientation);
    at += 2 + length;
  }
}

/**
 * True when `bytes` contain the end marker at or after `from`; a truncated file has none. Search from the frame header
 * on, since a preview inside EXIF has an end marker of its own; compressed data cannot contain one by chance (T.81,
 * B.1.1.5).
 */
export function jpegHasEnd(bytes: Buffer, from: number): boolean {
  return bytes.indexOf(END_OF_IMAGE, from) >= 0;
}

/** SOF0 to SOF15, without the three other markers in that range: DHT, JPG, DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readFrame(bytes: Buffer, at: number, orientation: number): HeaderResult {
  const problem = kindProblem(bytes[at + 1] ?? 0, bytes[at + 4] ?? 8);
  if (problem !== null) return bad(problem);
  const height = bytes.readUInt16BE(at + 5);
  const width = bytes.readUInt16BE(at + 7);
  const channels = bytes[at + 9] === 1 ? 1 : 3;
  return { kind: 'header', header: { width, height, channels, orientation, depth: 'byte' }, frameAt: at };
}

/** Why a frame with this marker and bit depth is not supported, or null. */
function kindProblem(marker: number, bits: number): Message | null {
  const kind = marker & 3;
  // SOF3, 7, 11, 15 are lossless; from SOF5 on, groups of three beside SOF9 and 10 are differential.
  if (kind === 3) return advised(message('images.losslessJpeg'), 'images.toPng');
  if (marker >= 0xc5 && marker !== 0xc9 && marker !== 0xca)
    return advised(message('images.hierarchicalJpeg'), 'images.toJpegOrPng');
  return bits === 8 ? null : advised(message('images.jpegBits', { bits }), 'images.toByteJpegOrPng');
}

function orientationOf(segment: Buffer, before: number): number {
  return segment.toString('latin1', 0, 6) === 'Exif\0\0' ? exifOrientation(segment.subarray(6)) : before;
}
