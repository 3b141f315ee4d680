import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { randomModel } from '#core/export/testing/randomModel.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { resample } from '../data/pixels/resample.ts';
import { sampleImages, sampleImagesInOwnSizes } from './sampleImages.ts';

const model = randomModel(instantiateTemplate('mnist-cnn-bn', { inputShape: [3, 8, 10], classes: 2 }));
const SIZES = [
  [31, 20],
  [10, 8],
  [9, 44],
] as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-samples-'));
  await mkdir(path.join(folder, 'a'));
  await mkdir(path.join(folder, 'b'));
  for (const [index, [width, height]] of SIZES.entries()) {
    const pixels = Uint8Array.from({ length: width * height * 3 }, (_, at) => (at * 2654435761) >>> 24);
    const image = sharp(pixels, { raw: { width, height, channels: 3 } });
    await image.png().toFile(path.join(folder, index === 0 ? 'a' : 'b', `${index}.png`));
  }
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const context = { signal: new AbortController().signal, onProgress: () => undefined };
const dataAt = (trainFolder: string) =>
  ({ trainFolder, validationFolder: null, labels: null }) as Parameters<typeof sampleImages>[0];

it('gives images in their own sizes, and resized as for the network', async () => {
  const own = await sampleImagesInOwnSizes(dataAt(folder), model, context);
  expect(own.map(({ width, height }) => [width, height])).toEqual(SIZES);
  const resized = own.map(({ width, height, pixels }) =>
    resample(
      { width, height, shownWidth: width, shownHeight: height, channels: 3, pixels },
      model.preprocessing,
    ),
  );
  expect(Buffer.concat(resized)).toEqual(await sampleImages(dataAt(folder), model, context));
});

it('leaves out images that cannot be decoded, and a folder that is gone', async () => {
  // Its header is intact, and its pixels are not.
  const whole = await sharp({ create: { width: 30, height: 30, channels: 3, background: 'red' } })
    .png()
    .toBuffer();
  whole.fill(0x55, whole.length >> 1);
  await writeFile(path.join(folder, 'b', '9.png'), whole);
  expect(await sampleImagesInOwnSizes(dataAt(folder), model, context)).toHaveLength(SIZES.length);
  expect(await sampleImagesInOwnSizes(dataAt(path.join(folder, 'gone')), model, context)).toEqual([]);
});
