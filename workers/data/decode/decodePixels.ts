import type { Sharp } from 'sharp';
import { InvariantError } from '#core/diagnostics/invariantError.ts';
import type { ResizePolicy } from '#core/document/dataSettings.ts';
import { describeUnknown, detectFormat } from '../imageFormat.ts';
import { readHeader } from '../headers/readHeader.ts';
import { fileSizeProblem, pictureSizeProblem } from '../limits.ts';
import { lumaOf } from './luma.ts';
import { readBmp, type RawPicture } from './readBmp.ts';
import { openPicture } from './sharpSetup.ts';
import { targetBytes, type DecodeTarget } from './target.ts';
import { decodeProblem, TOO_SLOW, UnreadableImage } from './unreadableImage.ts';

/** Part of the key of a decoded cache: raise it whenever the same file would decode to other bytes. */
export const DECODER_VERSION = 1;

/** The resize policies in sharp's words. */
const FIT: Readonly<Record<ResizePolicy, 'fill' | 'contain' | 'cover'>> = {
  stretch: 'fill',
  fit: 'contain',
  cover: 'cover',
};

/**
 * Decodes the bytes of a picture file to exactly `[height, width, channels]` bytes; the one function behind training,
 * evaluation, prediction and preview.
 *
 * Upright by EXIF; first frame; 16 bits to 8 by the high byte; CMYK and embedded profiles to sRGB; transparency over black.
 * Resized with libvips' triangle filter over the source area (`linear`: the filter of Pillow's and torchvision's antialiased
 * bilinear), after JPEG's own scaled decoding by 2, 4 or 8 where the picture is at least that much larger. `fit` pads with black,
 * centred; `cover` crops the centre. A picture that has the size already is not resampled. Grey is taken after resizing.
 * Throws `UnreadableImage`.
 */
export async function decodePixels(bytes: Buffer, target: DecodeTarget): Promise<Uint8Array> {
  const wanted = targetBytes(target);
  const picture = openChecked(bytes);
  const rgb = await render(picture, target);
  const pixels = target.channels === 1 ? lumaOf(rgb) : rgb;
  if (pixels.length !== wanted) throw new InvariantError(`decoded ${pixels.length} bytes, not ${wanted}`);
  return pixels;
}

/** Opens a picture after judging its size by its header. Throws `UnreadableImage`. */
export function openChecked(bytes: Buffer): Sharp {
  const sizeProblem = fileSizeProblem(bytes.length);
  if (sizeProblem !== null) throw new UnreadableImage(sizeProblem);
  const format = detectFormat(bytes);
  if (format === null) throw new UnreadableImage(describeUnknown(bytes));
  const result = readHeader(format, bytes, true);
  if (result.kind === 'bad') throw new UnreadableImage(result.reason);
  if (result.kind === 'header') {
    const problem = pictureSizeProblem(result.header.width, result.header.height);
    if (problem !== null) throw new UnreadableImage(problem);
  }
  if (format !== 'bmp') return openPicture(bytes);
  const { data, width, height } = readWholeBmp(bytes);
  return openPicture(data, { width, height, channels: 3 });
}

/** A header that points outside the file shows as a RangeError of Buffer. */
function readWholeBmp(bytes: Buffer): RawPicture {
  try {
    return readBmp(bytes);
  } catch (thrown) {
    throw thrown instanceof UnreadableImage ? thrown : new UnreadableImage('it is damaged', thrown);
  }
}

async function render(picture: Sharp, target: DecodeTarget): Promise<Uint8Array> {
  const { width, height } = target;
  try {
    const sized = picture.resize(width, height, {
      fit: FIT[target.resize],
      kernel: 'linear',
      background: '#000',
      position: 'centre',
    });
    return await sized.raw({ depth: 'uchar' }).toBuffer();
  } catch (thrown) {
    const reason = decodeProblem(thrown);
    throw new UnreadableImage(reason, thrown, reason !== TOO_SLOW);
  }
}
