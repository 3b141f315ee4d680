import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { decodeImage } from '../decode/decodeImage.ts';
import { openImageSet } from '../imageSet/openImageSet.ts';
import { scanFolder } from './scanFolder.ts';
import { splitImages } from '../split/splitImages.ts';
import { temporaryFolder } from '../testing/imageFolder.ts';
import { summarize } from './summary.ts';
import { describeShared, readSharedText } from '../testing/sharedData.ts';

describeShared('cifar10-mini', 'cifar10-mini', (folder) => {
  it('is 10 classes of 500 and 100, all 32 x 32 colour, and splits evenly', { timeout: 60_000 }, async () => {
    const train = await scanFolder(join(folder(), 'train'));
    const test = await scanFolder(join(folder(), 'test'));
    const names = 'airplane automobile bird cat deer dog frog horse ship truck'.split(' ');
    expect(train.classes).toEqual(names.map((name) => ({ name, count: 500 })));
    expect(test.classes).toEqual(names.map((name) => ({ name, count: 100 })));
    expect([train.skipped, train.warnings, summarize(train).typical]).toEqual([
      [],
      [],
      { height: 32, width: 32, channels: 3 },
    ]);
    const { validation } = splitImages(train, 0.1, 7);
    names.forEach((_, classIndex) => {
      expect(validation.filter((index) => train.images.at(index)?.classIndex === classIndex)).toHaveLength(
        50,
      );
    });
  });
});

describeShared('mnist-mini', 'mnist-mini', (folder) => {
  it('decodes to the very grey bytes of its files', { timeout: 60_000 }, async () => {
    const scan = await scanFolder(join(folder(), 'test'));
    expect([scan.images.length, summarize(scan).typical]).toEqual([
      2000,
      { height: 28, width: 28, channels: 1 },
    ]);
    const indices = Uint32Array.from({ length: 100 }, (_, at) => at * 20);
    const target = { height: 28, width: 28, channels: 1, resize: 'stretch' } as const;
    const set = await openImageSet({ scan, indices, target, cacheFolder: temporaryFolder(), decoders: 2 });
    const batch = await set.read(Uint32Array.from(indices.keys()));
    const raw = await Promise.all(
      set.files.map((file) =>
        sharp(readFileSync(join(scan.root, file)))
          .toColourspace('b-w')
          .raw()
          .toBuffer(),
      ),
    );
    expect(Buffer.concat(raw).equals(batch.images)).toBe(true);
    expect([...batch.labels]).toEqual(set.files.map((file) => Number(file[0])));
    await set.close();
  });
});

describeShared('photos-mini', 'photos-mini', (folder) => {
  it('has the upright sizes, orientations and bytes of its list', async () => {
    const rows = readSharedText('photos-mini.csv').trim().split('\n').slice(1);
    expect(rows).toHaveLength(90);
    for (const part of ['train', 'test']) {
      const scan = await scanFolder(join(folder(), part));
      expect(scan.skipped).toEqual([]);
      const own = rows.map((row) => row.split(',')).filter((row) => row[2] === part);
      const listed = own.map(([path, , , , , , orientation, width, height, bytes]) => ({
        file: path?.slice(`photos-mini/${part}/`.length),
        width: Number(width),
        height: Number(height),
        // 0 is the phone's value for "unknown".
        orientation: Math.max(1, Number(orientation)),
        sizeBytes: Number(bytes),
      }));
      expect(
        [...scan.images].map(({ file, width, height, orientation, sizeBytes }) => ({
          file,
          width,
          height,
          orientation,
          sizeBytes,
        })),
      ).toEqual(listed);
    }
  });
});

describeShared('exif-orientation', 'exif-orientation', (folder) => {
  it.each(['landscape', 'portrait'])(
    'is the same upright image nine times: %s',
    { timeout: 60_000 },
    async (kind) => {
      const scan = await scanFolder(folder());
      const images = [...scan.images].filter((image) => image.file.startsWith(kind));
      const [width, height] = kind === 'landscape' ? [1800, 1200] : [1200, 1800];
      expect(images.map((image) => [image.width, image.height])).toEqual(Array(9).fill([width, height]));
      const target = { height: height / 25, width: width / 25, channels: 3, resize: 'stretch' } as const;
      const decoded = await Promise.all(
        images.map((image) => decodeImage(join(scan.root, image.file), target)),
      );
      for (const pixels of decoded) {
        const differences = pixels.map((value, at) => Math.abs(value - (decoded[1]?.[at] ?? 0)));
        // Only the number drawn in the middle differs.
        const mean = differences.reduce((sum, value) => sum + value, 0) / pixels.length;
        expect(mean).toBeLessThan(3);
        expect(differences.filter((value) => value > 40).length / pixels.length).toBeLessThan(0.02);
      }
    },
  );
});
