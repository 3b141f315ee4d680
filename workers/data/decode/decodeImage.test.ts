import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './decodeImage.ts';
import { openImageSet } from '../imageSet/openImageSet.ts';
import { scanFolder } from '../scan/scanFolder.ts';
import { picture as image, temporaryFolder, writeFiles } from '../testing/imageFolder.ts';
import { tiffFile } from '../testing/tiffFile.ts';
import { thumbnailPng } from '../../host/data/thumbnail.ts';

describe('decodeImage', () => {
  it('gives the very bytes that training sees', async () => {
    const folder = temporaryFolder();
    const jpeg = await image(5, { width: 150, height: 90, format: 'jpeg' });
    writeFiles(folder, {
      'a/1.jpg': jpeg,
      'a/2.webp': await image(6, { width: 31, height: 77, format: 'webp' }),
    });
    const scan = await scanFolder(folder);
    for (const resize of ['stretch', 'fit', 'cover'] as const) {
      const target = { height: 20, width: 24, channels: 1, resize } as const;
      const cacheFolder = temporaryFolder();
      const set = await openImageSet({
        scan,
        indices: Uint32Array.of(0, 1),
        target,
        cacheFolder,
        decoders: 1,
      });
      const { images } = await set.read(Uint32Array.of(0, 1));
      const single = await Promise.all(
        ['a/1.jpg', 'a/2.webp'].map((file) => decodeImage(join(folder, file), target)),
      );
      expect([...images]).toEqual(single.flatMap((pixels) => [...pixels]));
      await set.close();
    }
  });

  it.each([
    ['gone.png', /gone\.png” cannot be used: it is no longer there/],
    ['text.png', /text\.png” cannot be used: it holds text/],
    ['.', /cannot be used: it is not a file/],
  ])('names the file and the reason: %s', async (name, sentence) => {
    const folder = temporaryFolder();
    writeFiles(folder, { 'text.png': 'hello' });
    const target = { height: 2, width: 2, channels: 3, resize: 'fit' } as const;
    const decoding = decodeImage(join(folder, name), target);
    await expect(decoding).rejects.toMatchObject({ code: 'image-unreadable' });
    await expect(decoding).rejects.toThrow(sentence);
  });
});

describe('thumbnailPng', () => {
  it('shows the whole image upright within the size, never enlarged', async () => {
    const folder = temporaryFolder();
    const stored = sharp(await image(5, { width: 300, height: 100 })).withMetadata({ orientation: 6 });
    writeFiles(folder, { 'turned.jpg': await stored.jpeg().toBuffer(), 'small.png': await image(1) });
    const sizeOf = async (name: string): Promise<unknown[]> => {
      const { format, width, height } = await sharp(await thumbnailPng(join(folder, name), 60)).metadata();
      return [format, width, height];
    };
    expect(await sizeOf('turned.jpg')).toEqual(['png', 20, 60]);
    expect(await sizeOf('small.png')).toEqual(['png', 12, 8]);
    // A low-contrast image is stretched from black to white, so that its content is visible.
    const values = Float32Array.from({ length: 64 }, (_, at) => (at % 8 < 4 ? 0.001 : 0.002));
    writeFiles(folder, {
      'faint.tif': tiffFile({ width: 8, height: 8, samples: 1, values, photometric: 1, sampleFormat: 3 }),
    });
    const { channels } = await sharp(await thumbnailPng(join(folder, 'faint.tif'), 60)).stats();
    expect([channels[0]?.min, channels[0]?.max]).toEqual([0, 255]);
    await expect(thumbnailPng(join(folder, 'no.png'), 60)).rejects.toMatchObject({
      code: 'image-unreadable',
    });
  });
});
