import { truncateSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { ImageView } from '#core/contract/imageRows.ts';
import type { Augmentation } from '#core/augment/augmentation.ts';
import { createPreview } from '#core/augment/previewSample.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { openAugmentedSource } from '../../data/augment/augmentedSource.ts';
import { scanFolder } from '../../data/scan/scanFolder.ts';
import { imageFolder, temporaryFolder, writeFiles } from '../../data/testing/imageFolder.ts';
import { decodeData, findData, preprocessingOf, type DataRequest } from '../../runs/data/prepareData.ts';
import { SampleImages } from './sampleImages.ts';

const target = { height: 8, width: 12, channels: 3, resize: 'stretch' } as const;
const view: ImageView = {
  edits: { excluded: ['a/3.png'], relabelled: { 'a/5.png': 'b' } },
  crossValidation: null,
  validationFraction: 0.2,
  groups: null,
  seed: 11,
};
const augmentation: Augmentation = {
  border: 'mean',
  shift: { unit: 'px', x: 3, y: 3, probability: 1 },
  horizontalFlip: { probability: 0.5 },
  noise: { sigma: 0.1, probability: 1 },
};

/** The request of a run with these settings to the trainer's data code. */
function runRequest(train: string, cacheFolder: string): DataRequest {
  return {
    train,
    validation: null,
    validationFraction: view.validationFraction ?? 0,
    crossValidation: null,
    edits: view.edits,
    columns: { fileColumn: null, labelColumn: null },
    subfolders: 'auto',
    groups: null,
    labels: null,
    splitFrom: null,
    seed: view.seed,
    target,
    cacheFolder,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
}

/** A JPEG that a scan accepts as complete but that does not decode. */
async function cutImage(): Promise<Buffer> {
  const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 2654435761) >>> 24));
  const raw = { width: 64, height: 64, channels: 3 } as const;
  const jpeg = await sharp(noise, { raw }).jpeg().toBuffer();
  return Buffer.concat([jpeg.subarray(0, jpeg.length - 2000), Buffer.from([0xff, 0xd9])]);
}

const bytesOf = (base64: string): Uint8Array => Uint8Array.from(Buffer.from(base64, 'base64'));

describe('sample pictures', () => {
  it.each([
    ['', {}],
    [', mixed by mixup', { mixup: { alpha: 0.4, probability: 0.8 } }],
    [', mixed by CutMix', { cutmix: { alpha: 1, probability: 0.8 } }],
  ])('previewed are, to the bit, what the batches of the run hold in each epoch%s', async (_, mixing) => {
    const folder = await imageFolder(['a', 'b'], 35);
    // An image that does not decode has no sample number: the numbers after it move up.
    writeFiles(folder, { 'a/1x.jpg': await cutImage() });
    const cacheFolder = join(temporaryFolder(), 'cache');
    const samples = new SampleImages(cacheFolder);
    const scan = await scanFolder(folder);
    const which = { by: 'sample', numbers: [0] } as const;
    expect((await samples.draw(scan, { view, which, ...target })).isExact).toBe(false);

    const request = runRequest(folder, cacheFolder);
    // After `close`, the cache of a set is on disk.
    await (await decodeData(await findData(request), request)).close();
    const data = await decodeData(await findData(request), request);
    const preprocessing = await preprocessingOf(data.train, target, {});
    const settings = { augmentation: { ...augmentation, ...mixing }, seed: view.seed };
    const source = openAugmentedSource(data.train, { ...settings, mean: preprocessing.mean });
    const numbers = Uint32Array.from(data.train.files.keys());
    const shown = [];
    for (let from = 0; from < numbers.length; from += 32)
      shown.push(
        await samples.draw(scan, {
          view,
          which: { by: 'sample', numbers: [...numbers.subarray(from, from + 32)] },
          ...target,
        }),
      );
    const [{ mean, deviation, count, isExact }] = [must(shown[0], 'the first pictures')];
    expect({ mean, deviation, count, isExact }).toEqual({
      mean: preprocessing.mean,
      deviation: preprocessing.deviation,
      count: data.train.size,
      isExact: true,
    });
    const pictures = shown.flatMap((part) => part.pictures);
    expect(pictures.map(({ file }) => file)).toEqual(data.train.files);
    const plain = pictures.map(({ pixels }) => bytesOf(pixels));
    const preview = createPreview({ ...settings, ...target, mean, samples: count });
    for (const epoch of [0, 7]) {
      const batch = await source.read(numbers, epoch);
      const drawn = [...numbers].map((sample) =>
        preview.draw(epoch, sample, (number) => must(plain[number], 'a plain picture')),
      );
      expect(Buffer.concat(drawn).equals(batch.images)).toBe(true);
    }
    await source.close();
    await data.close();
  });

  it('of a small folder have their statistics exactly even before a run', async () => {
    const folder = await imageFolder(['a', 'b'], 8);
    const cacheFolder = join(temporaryFolder(), 'cache');
    const which = { by: 'sample', numbers: [0, 13 * 4] } as const;
    const shown = await new SampleImages(cacheFolder).draw(await scanFolder(folder), {
      view,
      which,
      ...target,
    });
    const request = runRequest(folder, cacheFolder);
    const data = await decodeData(await findData(request), request);
    expect(shown).toMatchObject({ ...(await data.train.channelStatistics()), isExact: true, count: 12 });
    expect(shown.pictures.map(({ number }) => number)).toEqual([0, 4]);
    await data.close();
  });

  it('can be asked for by their place in the folder, whatever side they stand on', async () => {
    const scan = await scanFolder(await imageFolder(['a', 'b'], 4));
    const which = { by: 'image', numbers: [5, 3] } as const;
    const samples = new SampleImages(temporaryFolder());
    const { pictures } = await samples.draw(scan, { view, which, ...target });
    expect(pictures.map(({ file, className }) => [file, className])).toEqual([
      ['b/1.png', 'b'],
      ['a/3.png', 'a'],
    ]);
  });

  it('say which image cannot be decoded, and take the statistics of the others', async () => {
    const folder = await imageFolder(['a', 'b'], 3);
    const scan = await scanFolder(folder);
    truncateSync(join(folder, 'a/1.png'), 40);
    const samples = new SampleImages(temporaryFolder());
    const ask = (number: number) =>
      samples.draw(scan, { view, which: { by: 'image', numbers: [number] }, ...target });
    await expect(ask(1)).rejects.toMatchObject({ code: 'image-unreadable' });
    expect((await ask(0)).mean).toHaveLength(3);
  });

  it('refuse when nothing is left to train on', async () => {
    const folder = await imageFolder(['a'], 2);
    const edits = { excluded: ['a/0.png', 'a/1.png'], relabelled: {} };
    const drawing = new SampleImages(temporaryFolder()).draw(await scanFolder(folder), {
      view: { ...view, edits },
      which: { by: 'sample', numbers: [0] },
      ...target,
    });
    await expect(drawing).rejects.toMatchObject({ code: 'folder-no-images' });
  });
});
