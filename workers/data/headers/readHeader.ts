import sharp from 'sharp';
import type { ImageFormat } from '../imageFormat.ts';
import { bad, validOrientation, type HeaderResult } from './imageHeader.ts';
import { readJpegHeader } from './jpegHeader.ts';
import { readBmpHeader, readGifHeader, readWebpHeader } from './otherHeaders.ts';
import { readPngHeader } from './pngHeader.ts';

/** Header of a picture by our own readers, from its first bytes; `more` means: ask `readHeaderBySharp` with the whole file. */
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
    case 'tiff':
    case 'avif':
      return { kind: 'more' };
  }
}

/** Header of a whole file by sharp's metadata, near 1 ms: for TIFF, AVIF, and WebP with EXIF. Decodes nothing. */
export async function readHeaderBySharp(input: Buffer | string): Promise<HeaderResult> {
  try {
    const metadata = await sharp(input, { limitInputPixels: false }).metadata();
    const channels = metadata.space === 'b-w' || metadata.space === 'grey16' ? 1 : 3;
    const orientation = validOrientation(metadata.orientation ?? 1);
    return {
      kind: 'header',
      header: { width: metadata.width, height: metadata.height, channels, orientation },
    };
  } catch {
    return bad('its header cannot be read; the file is damaged or of an unsupported kind');
  }
}
