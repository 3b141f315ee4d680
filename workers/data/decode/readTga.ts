import type { ByteImage } from '../pixels/byteImage.ts';
import { readTgaHead, tgaBytes, type TgaHeader } from '../headers/tgaHeader.ts';
import { UnreadableImage } from '../format/unreadableImage.ts';
import { message } from '#core/words/message.ts';

/** Colour of a pixel: red, green, blue, and transparency from 0 to 255. */
type Colour = readonly [number, number, number, number];

/**
 * Decodes a TGA: palette, colour and grey, run-length encoded or not, with any corner as origin. Transparency is used
 * where the header declares it and at least one pixel is not fully transparent; it is laid over black. Throws
 * `UnreadableImage`. The caller checks the size first.
 */
export function readTga(bytes: Buffer): ByteImage {
  const header = readTgaHead(bytes);
  if (header === null) throw new UnreadableImage(message('images.headerDamaged', { format: 'TGA' }));
  if (tgaBytes(header) > bytes.length) throw new UnreadableImage(message('images.cutOff'));
  const { width, height, kind } = header;
  const stored = header.isPacked ? unpack(bytes, header) : bytes.subarray(header.dataAt);
  const channels = kind === 'grey' ? 1 : 3;
  const data = Buffer.allocUnsafe(width * height * channels);
  const colourOf = colourReader(bytes, stored, header);
  const isClear = hasClearPixels(stored, header);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const [red, green, blue, alpha] = colourOf(pixel);
    const share = isClear ? alpha : 255;
    const at = placeOf(pixel, header) * channels;
    data[at] = over(red, share);
    if (channels === 1) continue;
    data[at + 1] = over(green, share);
    data[at + 2] = over(blue, share);
  }
  return { data, width, height, channels };
}

function over(value: number, alpha: number): number {
  return alpha === 255 ? value : Math.floor((value * alpha) / 255);
}

/** Index of a stored pixel in the image. */
function placeOf(pixel: number, { width, height, isTopDown, isRightToLeft }: TgaHeader): number {
  const x = pixel % width;
  const y = (pixel - x) / width;
  return (isTopDown ? y : height - 1 - y) * width + (isRightToLeft ? width - 1 - x : x);
}

/**
 * Many writers leave the fourth byte 0 and declare it as transparency; the image would be invisible, so it is ignored.
 */
function hasClearPixels(stored: Buffer, { width, height, bits, alphaBits, kind }: TgaHeader): boolean {
  const pixelBytes = kind === 'grey' ? 2 : 4;
  if (alphaBits !== 8 || bits !== pixelBytes * 8) return false;
  for (let at = pixelBytes - 1; at < width * height * pixelBytes; at += pixelBytes)
    if (stored[at] !== 0) return true;
  return false;
}

function colourReader(bytes: Buffer, stored: Buffer, header: TgaHeader): (pixel: number) => Colour {
  const { kind, bits, palette } = header;
  const pixelBytes = Math.ceil(bits / 8);
  if (kind === 'grey') {
    return (pixel) => {
      const value = stored[pixel * pixelBytes] ?? 0;
      return [value, value, value, pixelBytes === 2 ? (stored[pixel * 2 + 1] ?? 255) : 255];
    };
  }
  if (kind === 'colour') return (pixel) => colourAt(stored, pixel * pixelBytes, bits);
  const entryBytes = Math.ceil(palette.bits / 8);
  return (pixel) => {
    const index = stored.readUIntLE(pixel * pixelBytes, pixelBytes) - palette.first;
    if (index < 0 || index >= palette.count) throw new UnreadableImage(message('images.tgaPalette'));
    return colourAt(bytes, palette.at + index * entryBytes, palette.bits);
  };
}

/** 24 and 32 bits: blue, green, red, transparency; 15 and 16 bits: five bits each. */
function colourAt(bytes: Buffer, at: number, bits: number): Colour {
  if (bits >= 24)
    return [bytes[at + 2] ?? 0, bytes[at + 1] ?? 0, bytes[at] ?? 0, bits === 32 ? (bytes[at + 3] ?? 0) : 255];
  const value = bytes.readUInt16LE(at);
  const five = (shift: number): number => Math.floor((((value >> shift) & 31) * 255) / 31);
  return [five(10), five(5), five(0), 255];
}

/**
 * Run-length packets of up to 128 pixels: one repeated pixel, or that many literal ones. Throws `UnreadableImage` where
 * they end early.
 */
function unpack(bytes: Buffer, { width, height, bits, dataAt }: TgaHeader): Buffer {
  const pixelBytes = Math.ceil(bits / 8);
  const out = Buffer.allocUnsafe(width * height * pixelBytes);
  let at = dataAt;
  for (let filled = 0; filled < out.length;) {
    const packet = bytes[at] ?? 0;
    const length = Math.min(((packet & 127) + 1) * pixelBytes, out.length - filled);
    const isRun = packet > 127;
    if (at + 1 + (isRun ? pixelBytes : length) > bytes.length)
      throw new UnreadableImage(message('images.cutOff'));
    if (isRun) out.fill(bytes.subarray(at + 1, at + 1 + pixelBytes), filled, filled + length);
    else bytes.copy(out, filled, at + 1, at + 1 + length);
    at += 1 + (isRun ? pixelBytes : length);
    filled += length;
  }
  return out;
}
