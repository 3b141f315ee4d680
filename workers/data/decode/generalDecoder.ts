import type { Sharp } from 'sharp';
import type { ValueRanges } from '#core/document/preprocessing.ts';
import { message } from '#core/words/message.ts';
import { detectFormat, formatProblem, type ImageFormat } from '../format/imageFormat.ts';
import { uprightSize, type ImageHeader } from '../headers/imageHeader.ts';
import { judgeContent } from '../headers/judgeContent.ts';
import { viewBytes } from '../format/fileView.ts';
import { coveringScale, decodeScale } from '../pixels/placement.ts';
import { readOwn, type ImageFile } from './ownReader.ts';
import type { UprightPixels } from '../pixels/resample.ts';
import { openImage, type ImageInput } from './sharpSetup.ts';
import type { DecodeTarget } from '../pixels/target.ts';
import { decodeProblem, TOO_SLOW, UnreadableImage } from '../format/unreadableImage.ts';

/**
 * Images with more pixels, or a longer side, are decoded at a reduced size as JPEGs are. This bounds the memory of one
 * decoder.
 */
const LARGE_PIXELS = 24_000_000;
const LONG_SIDE = 65_535;

/**
 * Decodes any image by sharp, upright and in RGB, at its full size; a JPEG (except under `crop`), and any very large
 * image, is decoded smaller by a factor of 2 or 4 where the result is still at least twice the target (sharp's own
 * shrinking is less exact than `resample`, which does the last step). Also checks the file: throws `UnreadableImage`
 * with the reason for damage.
 */
export async function decodeGenerally(bytes: Buffer, target: DecodeTarget): Promise<UprightPixels> {
  const render = async (image: Sharp, { format, header }: Omit<Judged, 'input'>): Promise<UprightPixels> => {
    const { width, height } = uprightSize(header);
    const isLarge = width * height > LARGE_PIXELS || Math.max(width, height) > LONG_SIDE;
    const most = isLarge ? coveringScale(width, height, target) : decodeScale(width, height, target);
    const scale = format === 'jpeg' || isLarge ? Math.max(1, most / 2) : 1;
    const size = [Math.ceil(width / scale), Math.ceil(height / scale)] as const;
    const scaled = scale === 1 ? image : image.resize(...size, { fit: 'fill', kernel: 'linear' });
    const { data, info } = await scaled.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    const channels = info.channels === 1 ? 1 : 3;
    const shown = scale === 1 ? info : { width, height };
    return {
      width: info.width,
      height: info.height,
      shownWidth: shown.width,
      shownHeight: shown.height,
      channels,
      pixels: data,
    };
  };
  return renderImage(bytes, render, target.ranges);
}

/**
 * Warnings of libjpeg that leave the image intact; cameras and web servers write such files. All its other warnings
 * (data that ends early, bad Huffman codes) mean damaged pixels.
 */
const HARMLESS = /extraneous bytes|inconsistent progression|invalid sos|unknown (adobe|jfif)/i;

interface Judged {
  readonly input: ImageInput;
  readonly format: ImageFormat;
  readonly header: ImageHeader;
}

/**
 * Opens an image after checking the size in its header, and passes it to `render`. A JPEG is first read strictly, since
 * libjpeg only warns of missing data. Throws `UnreadableImage`.
 */
export async function renderImage<T>(
  bytes: Buffer,
  render: (picture: Sharp, judged: Omit<Judged, 'input'>) => Promise<T>,
  ranges?: ValueRanges,
): Promise<T> {
  const judged = await judge(bytes, ranges);
  const isJpeg = judged.format === 'jpeg';
  try {
    return await render(openImage(judged.input, isJpeg ? 'warning' : 'error'), judged);
  } catch (thrown) {
    const isHarmless = isJpeg && HARMLESS.test(String(thrown));
    if (!isHarmless) throw unreadable(thrown);
  }
  return render(openImage(judged.input, 'error'), judged).catch((thrown: unknown) => {
    throw unreadable(thrown);
  });
}

function unreadable(thrown: unknown): UnreadableImage {
  const reason = decodeProblem(thrown);
  return new UnreadableImage(reason, thrown, reason.key !== TOO_SLOW.key);
}

async function judge(bytes: Buffer, ranges: ValueRanges | undefined): Promise<Judged> {
  const file = await openFile(bytes);
  const own = await readOwn(file, ranges);
  if (own === null) return { input: { bytes }, format: file.format, header: file.header };
  const { data, width, height, channels } = own;
  return {
    input: { bytes: data, raw: { width, height, channels } },
    format: file.format,
    header: { width, height, channels, orientation: 1, depth: 'byte' },
  };
}

/** Checks a file by its first bytes and header. Throws `UnreadableImage`. */
export async function openFile(bytes: Buffer): Promise<ImageFile> {
  if (bytes.length === 0) throw new UnreadableImage(message('images.empty'));
  const format = detectFormat(bytes);
  if (format === null) throw new UnreadableImage(formatProblem(bytes));
  const judged = await judgeContent(format, viewBytes(bytes));
  if (judged.kind === 'bad') throw new UnreadableImage(judged.reason);
  return { bytes, format, header: judged.header };
}
