import type { ValueRanges } from '#core/document/preprocessing.ts';
import { message } from '#core/words/message.ts';
import type { ImageHeader } from '../headers/imageHeader.ts';
import type { ImageFormat } from '../format/imageFormat.ts';
import { advised } from '../../files/imageReasons.ts';
import { bufferSource } from '../tiff/byteSource.ts';
import { checkChunks } from '../tiff/checkChunks.ts';
import { judgeTiff } from '../tiff/judgeTiff.ts';
import { forEachSample, readTiff } from '../tiff/readTiff.ts';
import type { ByteImage } from '../pixels/byteImage.ts';
import { deepToBytes, readDeepPng } from './deepPng.ts';
import { toByteOf, type ToByte } from '../pixels/depth.ts';
import { orientPixels } from '../pixels/orientPixels.ts';
import { readBmp } from './readBmp.ts';
import { forEachPnmSample, readPnm } from './readPnm.ts';
import { readTga } from './readTga.ts';
import { UnreadableImage } from '../format/unreadableImage.ts';

/** An image file in memory, and its parsed header. */
export interface ImageFile {
  readonly bytes: Buffer;
  readonly format: ImageFormat;
  readonly header: ImageHeader;
}

/**
 * Decodes, upright, the images that sharp does not read or would read wrongly: BMP, PNM, TGA, TIFFs with extra bands or
 * with numeric samples, and every 16-bit image for which a range of values is given. Null: sharp is the reader. Throws
 * `UnreadableImage`.
 */
export async function readOwn(file: ImageFile, ranges: ValueRanges | undefined): Promise<ByteImage | null> {
  const { bytes, format, header } = file;
  if (format === 'bmp') return guarded(() => ({ ...readBmp(bytes), channels: 3 }));
  if (format === 'tga') return guarded(() => readTga(bytes));
  if (format === 'pnm') return guarded(() => readPnm(bytes, byteOf(file, ranges)));
  if (format === 'tiff') return readOwnTiff(file, ranges);
  if (format !== 'png' || header.depth === 'byte' || ranges?.unsigned16 === undefined) return null;
  return deepToBytes(await readDeepPng(bytes, header.channels === 1), byteOf(file, ranges));
}

/** Calls back with every sample of an image of more than 8 bits. Throws `UnreadableImage`. */
export async function forEachDeepSample(file: ImageFile, take: (value: number) => void): Promise<void> {
  const { bytes, format, header } = file;
  if (format === 'pnm') guarded(() => forEachPnmSample(bytes, take));
  if (format === 'tiff') guarded(() => forEachSample(bytes, layoutOf(bytes).layout, take));
  if (format === 'png')
    (await readDeepPng(bytes, header.channels === 1)).samples.forEach((value) => take(value));
}

async function readOwnTiff(file: ImageFile, ranges: ValueRanges | undefined): Promise<ByteImage | null> {
  const { layout, isOwn } = layoutOf(file.bytes);
  const hasRange = file.header.depth === 'unsigned16' && ranges?.unsigned16 !== undefined;
  if (isOwn || hasRange)
    return guarded(() =>
      orientPixels(readTiff(file.bytes, layout, byteOf(file, ranges)), file.header.orientation),
    );
  await checkChunks(file.bytes, layout);
  return null;
}

function layoutOf(bytes: Buffer): Extract<ReturnType<typeof judgeTiff>, { kind: 'tiff' }> {
  const judged = judgeTiff(bufferSource(bytes));
  if (judged.kind === 'bad') throw new UnreadableImage(judged.reason);
  return judged;
}

function byteOf({ header }: ImageFile, ranges: ValueRanges | undefined): ToByte {
  const toByte = toByteOf(header.depth, ranges);
  if (toByte !== null) return toByte;
  throw new UnreadableImage(advised(message('images.noRange'), 'images.toWholeNumbers'));
}

/** A header that points outside the file causes a RangeError of Buffer. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    throw thrown instanceof UnreadableImage ? thrown : new UnreadableImage(message('images.damaged'), thrown);
  }
}
