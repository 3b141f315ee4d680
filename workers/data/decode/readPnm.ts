import type { ByteImage } from '../pixels/byteImage.ts';
import { pnmBytes, readPnmHead, type PnmHeader } from '../headers/pnmHeader.ts';
import { UnreadableImage } from '../format/unreadableImage.ts';
import { message } from '#core/words/message.ts';

/** Returns the next sample as stored (nominally 0 to `most`), or null after the last one. */
type NextSample = () => number | null;

/**
 * Decodes PBM, PGM and PPM, in text or binary form, of up to 16 bits; of several images in a file, the first. `toByte`
 * converts samples of more than 8 bits, scaled to 65,535, to bytes. Throws `UnreadableImage`. The caller checks the
 * size first.
 */
export function readPnm(bytes: Buffer, toByte: (value: number) => number): ByteImage {
  const header = readPnmHead(bytes);
  if (header === null) throw new UnreadableImage(message('images.headerDamaged', { format: 'PNM' }));
  if (pnmBytes(header) > bytes.length) throw new UnreadableImage(message('images.cutOff'));
  const { kind, width, height, most } = header;
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  const data = Buffer.allocUnsafe(width * height * channels);
  const next = sampleReader(bytes, header);
  const byteOf = byteTable(header, toByte);
  for (let at = 0; at < data.length; at++) {
    const value = next();
    if (value === null) throw new UnreadableImage(message('images.cutOff'));
    data[at] = byteOf[Math.min(value, most)] ?? 0;
  }
  return { data, width, height, channels };
}

/** Calls back with every sample of a PNM of more than 8 bits, scaled to 65,535. Throws `UnreadableImage`. */
export function forEachPnmSample(bytes: Buffer, take: (value: number) => void): void {
  const header = readPnmHead(bytes);
  if (header === null) throw new UnreadableImage(message('images.headerDamaged', { format: 'PNM' }));
  const next = sampleReader(bytes, header);
  const count = header.width * header.height * (header.kind % 3 === 0 ? 3 : 1);
  for (let at = 0; at < count; at++) {
    const value = next();
    if (value === null) throw new UnreadableImage(message('images.cutOff'));
    take(Math.round((Math.min(value, header.most) * 65_535) / header.most));
  }
}

/** A set bit is black; other samples are relative to the value of white, rounded. */
function byteTable({ kind, most }: PnmHeader, toByte: (value: number) => number): Uint8Array {
  if (kind === 1 || kind === 4) return Uint8Array.of(255, 0);
  const scaled = (value: number, full: number): number => Math.round((value * full) / most);
  return Uint8Array.from({ length: most + 1 }, (_, value) =>
    most > 255 ? toByte(scaled(value, 65_535)) : scaled(value, 255),
  );
}

function sampleReader(bytes: Buffer, header: PnmHeader): NextSample {
  if (header.kind <= 3) return textReader(bytes, header);
  if (header.kind === 4) return bitReader(bytes, header);
  let at = header.dataAt;
  if (header.most <= 255) return () => bytes[at++] ?? null;
  return () => {
    at += 2;
    return at > bytes.length ? null : bytes.readUInt16BE(at - 2);
  };
}

function bitReader(bytes: Buffer, { width, dataAt }: PnmHeader): NextSample {
  const stride = Math.ceil(width / 8);
  let x = 0;
  let row = dataAt;
  return () => {
    const byte = bytes[row + (x >> 3)];
    if (byte === undefined) return null;
    const bit = (byte >> (7 - (x & 7))) & 1;
    x += 1;
    if (x === width) {
      x = 0;
      row += stride;
    }
    return bit;
  };
}

/** Numbers separated by white space; bits need no separator. Anything else is damage. */
function textReader(bytes: Buffer, { kind, dataAt }: PnmHeader): NextSample {
  let at = dataAt - 1;
  const digitAt = (): number => (bytes[at] ?? 0) - 0x30;
  const isDigit = (): boolean => digitAt() >= 0 && digitAt() <= 9;
  const skip = (): void => {
    for (; at < bytes.length && !isDigit(); at++) {
      if (bytes[at] === 0x23) while (at < bytes.length && bytes[at] !== 0x0a) at++;
      else if (!isSpace(bytes[at])) throw new UnreadableImage(message('images.pnmNoNumber'));
    }
  };
  return () => {
    skip();
    if (at >= bytes.length) return null;
    if (kind === 1) {
      at += 1;
      return Math.min(1, (bytes[at - 1] ?? 0) - 0x30);
    }
    let value = 0;
    for (; isDigit(); at++) value = Math.min(65_536, value * 10 + digitAt());
    return value;
  };
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || (byte !== undefined && byte >= 0x09 && byte <= 0x0d);
}
