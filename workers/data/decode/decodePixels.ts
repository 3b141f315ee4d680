import type { Sharp } from 'sharp';
import { InvariantError } from '#core/diagnostics/invariantError.ts';
import type { ResizePolicy } from '#core/document/dataSettings.ts';
import { describeUnknown, detectFormat, type ImageFormat } from '../imageFormat.ts';
import { readHeader } from '../headers/readHeader.ts';
import { fileSizeProblem, IMAGE_LIMITS, pictureSizeProblem } from '../limits.ts';
import { directPng } from './directPng.ts';
import { toChannels, type DecodedPixels } from './luma.ts';
import { readBmp, type RawPicture } from './readBmp.ts';
import { openPicture, type PictureInput } from './sharpSetup.ts';
import { targetBytes, type DecodeTarget } from './target.ts';
import { decodeProblem, TOO_SLOW, UnreadableImage } from './unreadableImage.ts';

/** Part of the key of a decoded cache: raise it whenever the same file would decode to other bytes. */
export const DECODER_VERSION = 1;

/** Largest picture that is decoded in TypeScript; above it the set-up of libvips no longer matters. */
const DIRECT_PIXELS = 256 * 256;

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
  const decoded = decodeDirectly(bytes, target) ?? (await decodeBySharp(bytes, target));
  const pixels = toChannels(decoded, target.channels);
  if (pixels.length !== wanted) throw new InvariantError(`decoded ${pixels.length} bytes, not ${wanted}`);
  return pixels;
}

async function decodeBySharp(bytes: Buffer, target: DecodeTarget): Promise<DecodedPixels> {
  const render = (picture: Sharp): Promise<Buffer> =>
    sized(picture, target).raw({ depth: 'uchar' }).toBuffer();
  return { channels: 3, pixels: await renderPicture(bytes, render) };
}

/** The short way for small plain files that have the size already; the same bytes as by sharp. */
function decodeDirectly(bytes: Buffer, target: DecodeTarget): DecodedPixels | null {
  const isSmall =
    target.width * target.height <= DIRECT_PIXELS && bytes.length <= IMAGE_LIMITS.wholeReadBytes;
  if (!isSmall || bytes.length < 33 || detectFormat(bytes) !== 'png') return null;
  return directPng(bytes, target.width, target.height);
}

/**
 * Complaints of libjpeg that leave the picture as it was meant; cameras and web servers write such files. Everything else it
 * complains about (data that ends early, bad Huffman codes) spoils pixels.
 */
const HARMLESS = /extraneous bytes|inconsistent progression|invalid sos|unknown (adobe|jfif)/i;

/**
 * Opens a picture after judging its size by its header, and lets `render` make something of it. A JPEG is read strictly
 * first, since libjpeg only warns of missing data. Throws `UnreadableImage`.
 */
export async function renderPicture(
  bytes: Buffer,
  render: (picture: Sharp) => Promise<Buffer>,
): Promise<Buffer> {
  const { input, format } = checkedInput(bytes);
  try {
    return await render(openPicture(input, format === 'jpeg' ? 'warning' : 'error'));
  } catch (thrown) {
    const isHarmless = format === 'jpeg' && HARMLESS.test(String(thrown));
    if (!isHarmless) throw unreadable(thrown);
  }
  return render(openPicture(input, 'error')).catch((thrown: unknown) => {
    throw unreadable(thrown);
  });
}

function unreadable(thrown: unknown): UnreadableImage {
  const reason = decodeProblem(thrown);
  return new UnreadableImage(reason, thrown, reason !== TOO_SLOW);
}

function sized(picture: Sharp, target: DecodeTarget): Sharp {
  return picture.resize(target.width, target.height, {
    fit: FIT[target.resize],
    kernel: 'linear',
    background: '#000',
    position: 'centre',
  });
}

function checkedInput(bytes: Buffer): { input: PictureInput; format: ImageFormat } {
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
  if (format !== 'bmp') return { input: { bytes }, format };
  const { data, width, height } = readWholeBmp(bytes);
  return { input: { bytes: data, raw: { width, height, channels: 3 } }, format };
}

/** A header that points outside the file shows as a RangeError of Buffer. */
function readWholeBmp(bytes: Buffer): RawPicture {
  try {
    return readBmp(bytes);
  } catch (thrown) {
    throw thrown instanceof UnreadableImage ? thrown : new UnreadableImage('it is damaged', thrown);
  }
}
