import sharp from 'sharp';
import { canUnpack } from './judgeTiff.ts';
import { chunkBytes, damagedChunk, unpackChunk } from './readTiff.ts';
import type { TiffLayout } from './tiffLayout.ts';

const JPEG = 7;

/**
 * Checks every strip and tile of a TIFF that sharp will decode: libvips fills damaged tiles with black and continues.
 * JPEG tiles are decoded one by one; any warning counts as damage. Throws `UnreadableImage` that names the first
 * damaged one.
 */
export async function checkChunks(bytes: Buffer, layout: TiffLayout): Promise<void> {
  const { chunksAcross, chunksDown, isPlanar, samples, compression } = layout;
  const count = chunksAcross * chunksDown * (isPlanar ? samples : 1);
  for (let index = 0; index < count; index++) {
    if (canUnpack(layout)) unpackChunk(bytes, layout, index, rowsOf(layout, index));
    else if (compression === JPEG) await checkJpeg(jpegOf(chunkBytes(bytes, layout, index), layout), index);
  }
}

/** The last strip holds only the remaining rows. */
function rowsOf({ chunk, chunksAcross, chunksDown, width, height }: TiffLayout, index: number): number {
  const row = Math.floor((index % (chunksAcross * chunksDown)) / chunksAcross);
  return chunk.width === width ? Math.min(chunk.height, height - row * chunk.height) : chunk.height;
}

/** A tile with the shared tables inserted after its start marker. */
function jpegOf(tile: Buffer, { jpegTables }: TiffLayout): Buffer {
  const tables = Buffer.from(jpegTables.slice(2, -2));
  return Buffer.concat([tile.subarray(0, 2), tables, tile.subarray(2)]);
}

async function checkJpeg(jpeg: Buffer, index: number): Promise<void> {
  try {
    await sharp(jpeg, { failOn: 'warning' }).raw().toBuffer();
  } catch (thrown) {
    throw damagedChunk(index, thrown);
  }
}
