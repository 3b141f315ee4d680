import sharp from 'sharp';
import { pnmBytes, readPnmHead } from './pnmHeader.ts';
import { readTgaHead, tgaBytes } from './tgaHeader.ts';
import type { ImageFormat } from '../format/imageFormat.ts';
import { advised } from '../../files/imageReasons.ts';
import { bufferSource, type ByteSource } from '../tiff/byteSource.ts';
import { judgeTiff, tiffDepth } from '../tiff/judgeTiff.ts';
import { PHOTOMETRIC } from '../tiff/tiffLayout.ts';
import { message } from '#core/words/message.ts';
import { bad, validOrientation, type HeaderResult } from './imageHeader.ts';
import { readJpegHeader } from './jpegHeader.ts';
import { readBmpHeader, readGifHeader, readWebpHeader } from './otherHeaders.ts';
import { readPngHeader } from './pngHeader.ts';

/**
 * Header of an image by our own readers, from its first bytes; `more` means: call `readHeaderBySharp` with the whole
 * file.
 */
export function readHeader(format: ImageFormat, bytes: Buffer, complete: boolean): HeaderResult {
  switch (format) {
    case 'jpeg':
      return readJpegHeader(bytes, complete);
    case 'png':
      return readPngHeader(bytes);
    case 'webp':
      return readWebpHeader(bytes);
    case 'gif':
      return readGifHeader(bytes);
    case 'bmp':
      return readBmpHeader(bytes);
    case 'pnm':
      return readPnmHeader(bytes);
    case 'tga':
      return readTgaHeader(bytes);
    case 'tiff':
      return complete ? readTiffHeader(bufferSource(bytes)) : { kind: 'more' };
    case 'avif':
      return { kind: 'more' };
  }
}

/** Header of a TIFF, wherever it lies in the file. Throws what the source throws. */
export function readTiffHeader(source: ByteSource): HeaderResult {
  const judged = judgeTiff(source);
  if (judged.kind === 'bad') return judged;
  const { width, height, bands, orientation, unusedBands } = judged.layout;
  const header = {
    width,
    height,
    channels: bands.length === 1 && judged.layout.photometric !== PHOTOMETRIC.palette ? 1 : 3,
    orientation: validOrientation(orientation),
    depth: tiffDepth(judged.layout),
  } as const;
  return { kind: 'header', header, unusedBands };
}

function readPnmHeader(bytes: Buffer): HeaderResult {
  const head = readPnmHead(bytes);
  if (head === null) return bad(message('images.headerDamaged', { format: 'PNM' }));
  const { width, height, kind, most } = head;
  const channels = kind === 3 || kind === 6 ? 3 : 1;
  const depth = most > 255 ? 'unsigned16' : 'byte';
  return {
    kind: 'header',
    header: { width, height, channels, orientation: 1, depth },
    leastBytes: pnmBytes(head),
  };
}

function readTgaHeader(bytes: Buffer): HeaderResult {
  const head = readTgaHead(bytes);
  if (head === null) return bad(message('images.headerDamaged', { format: 'TGA' }));
  const { width, height, kind } = head;
  const channels = kind === 'grey' ? 1 : 3;
  return {
    kind: 'header',
    header: { width, height, channels, orientation: 1, depth: 'byte' },
    leastBytes: tgaBytes(head),
  };
}

/** Header of a whole file by sharp's metadata, in about 1 ms: for AVIF, and WebP with EXIF. Decodes nothing. */
export async function readHeaderBySharp(input: Buffer | string): Promise<HeaderResult> {
  try {
    const metadata = await sharp(input, { limitInputPixels: false }).metadata();
    const channels = metadata.space === 'b-w' || metadata.space === 'grey16' ? 1 : 3;
    const orientation = validOrientation(metadata.orientation ?? 1);
    return {
      kind: 'header',
      header: { width: metadata.width, height: metadata.height, channels, orientation, depth: 'byte' },
    };
  } catch {
    return bad(advised(message('images.noHeader'), 'images.damagedOrOther'));
  }
}
