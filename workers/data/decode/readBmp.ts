import { UnreadableImage } from '../format/unreadableImage.ts';
import { message } from '#core/words/message.ts';

/** Pixels of a BMP, `[height, width, 3]`, top row first. */
interface RawImage {
  readonly data: Buffer;
  readonly width: number;
  readonly height: number;
}

interface BmpLayout {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bits: number;
  readonly pixelsAt: number;
  /** Bytes of a row, padded to a multiple of 4. */
  readonly stride: number;
  /** Returns the three colour bytes of a pixel as 0xRRGGBB. */
  readonly colourOf: (row: number, x: number) => number;
}

/**
 * Decodes an uncompressed Windows bitmap (BITMAPCOREHEADER to BITMAPV5HEADER; 1, 4, 8, 16, 24 and 32 bits; bit fields),
 * which sharp does not read. A fourth byte is padding, not transparency. Throws `UnreadableImage`. The caller checks
 * the size first.
 */
export function readBmp(bytes: Buffer): RawImage {
  const layout = readLayout(bytes);
  const { width, height } = layout;
  const data = Buffer.allocUnsafe(width * height * 3);
  for (let y = 0; y < height; y++) {
    const row = layout.pixelsAt + (layout.topDown ? y : height - 1 - y) * layout.stride;
    for (let x = 0; x < width; x++) data.writeUIntBE(layout.colourOf(row, x), (y * width + x) * 3, 3);
  }
  return { data, width, height };
}

function readLayout(bytes: Buffer): BmpLayout {
  const isCore = bytes.readUInt32LE(14) === 12;
  const width = isCore ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signedHeight = isCore ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const bits = bytes.readUInt16LE(isCore ? 24 : 28);
  const compression = isCore || bytes.length < 34 ? 0 : bytes.readUInt32LE(30);
  const height = Math.abs(signedHeight);
  const pixelsAt = bytes.readUInt32LE(10);
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (compression !== 0 && compression !== 3) throw new UnreadableImage(message('images.compressedBmp'));
  if (pixelsAt + stride * height > bytes.length) throw new UnreadableImage(message('images.cutOff'));
  const colourOf = readerFor(bytes, bits, compression === 3, isCore);
  return { width, height, topDown: signedHeight < 0, bits, pixelsAt, stride, colourOf };
}

function readerFor(bytes: Buffer, bits: number, hasMasks: boolean, isCore: boolean): BmpLayout['colourOf'] {
  if (bits === 1 || bits === 4 || bits === 8) return paletteReader(bytes, bits, isCore);
  if (bits === 24) return (row, x) => bytes.readUIntLE(row + x * 3, 3);
  if (bits === 32 && !hasMasks) return (row, x) => bytes.readUIntLE(row + x * 4, 3);
  if (bits !== 16 && bits !== 32) throw new UnreadableImage(message('images.bmpBits', { bits }));
  const masks = hasMasks ? [54, 58, 62].map((at) => bytes.readUInt32LE(at)) : [0x7c00, 0x3e0, 0x1f];
  return maskReader(bytes, bits, masks);
}

function paletteReader(bytes: Buffer, bits: number, isCore: boolean): BmpLayout['colourOf'] {
  const paletteAt = 14 + bytes.readUInt32LE(14);
  const entryBytes = isCore ? 3 : 4;
  return (row, x) => {
    const byte = bytes[row + ((x * bits) >> 3)] ?? 0;
    const index = (byte >> (8 - bits - ((x * bits) & 7))) & ((1 << bits) - 1);
    const at = paletteAt + index * entryBytes;
    return at + 3 <= bytes.length ? bytes.readUIntLE(at, 3) : 0;
  };
}

/** Scales each masked field to 8 bits, relative to its largest value. */
function maskReader(bytes: Buffer, bits: number, masks: readonly number[]): BmpLayout['colourOf'] {
  const fields = masks.map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { mask, shift, most: Math.max(1, mask >>> shift) };
  });
  return (row, x) => {
    const pixel = bytes.readUIntLE(row + (x * bits) / 8, bits / 8);
    let colour = 0;
    for (const { mask, shift, most } of fields) {
      colour = colour * 256 + Math.round((((pixel & mask) >>> shift) * 255) / most);
    }
    return colour;
  };
}
