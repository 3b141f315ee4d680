import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { RESIZE_POLICIES } from '#core/document/dataSettings.ts';
import type { Preprocessing } from '#core/document/preprocessing.ts';
import { EXPORT_FORMATS, isFolderFormat, type FolderFormatName } from '#core/export/formats.ts';
import { randomImages, randomModel } from '#core/export/testing/randomModel.ts';
import { readSlot } from '#core/export/stateReader.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { toChannels } from '#workers/data/pixels/luma.ts';
import { resample } from '#workers/data/pixels/resample.ts';
import { backendLogits } from '#workers/export/check/backendLogits.ts';
import { noise, samplesFor, toPlanes } from '#workers/export/check/samples.ts';
import { writeBundle } from '#workers/export/writeBundle.ts';
import { BundleError, openBundle } from '../../examples/readers/normlabBundle.mjs';

const FOLDER_FORMATS = EXPORT_FORMATS.filter((format) => isFolderFormat(format));

function network(channels: 1 | 3, changed: Partial<Preprocessing>): TrainedModel {
  const document = instantiateTemplate('mnist-cnn-bn', { inputShape: [channels, 9, 12], classes: 4 });
  const model = randomModel(document);
  return { ...model, preprocessing: { ...model.preprocessing, ...changed } };
}

const model = network(3, { channelOrder: 'bgr' });
const samples = samplesFor(model, randomImages(model, 3));

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'normlab-reader-'));
  for (const format of FOLDER_FORMATS) await write(format, model);
});
afterAll(() => rm(root, { recursive: true, force: true }));

async function write(
  format: FolderFormatName,
  written: TrainedModel,
  name: string = format,
): Promise<string> {
  const folder = join(root, name);
  await mkdir(folder);
  const asked = { model: written, format, foldBatchNorm: false, path: folder };
  const compared = written === model ? samples : samplesFor(written, new Uint8Array(0));
  await writeBundle({ ...asked, backend: referenceBackend }, folder, compared);
  return folder;
}

/** The messages are sentences for users, so the whole error is compared with its class and a part. */
async function expectError(opened: Promise<unknown>, part: string): Promise<void> {
  const error = await opened.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error, part).toBeInstanceOf(BundleError);
  expect(String(error)).toContain(part);
}

describe.each(FOLDER_FORMATS)('the reader of bundles in JavaScript, on a folder for %s', (format) => {
  it('gives class names, facts, and golden outputs that its check accepts', async () => {
    const bundle = await openBundle(join(root, format));
    expect(bundle.target).toBe(format);
    expect(bundle.classNames).toEqual(model.classNames);
    expect(bundle.batchNorm['bn1']).toMatchObject({ epsilon: 1e-5, decay: 0.9 });
    const { images, logits } = await bundle.golden();
    expect([images.shape, [...images.data]]).toEqual([[3, 9, 12, 3], [...samples.bytes]]);
    expect(logits.shape).toEqual([3, 4]);
    const own = await backendLogits(referenceBackend, model, samples);
    expect(await bundle.check(own)).toBeLessThanOrEqual(bundle.tolerance);
    await expectError(
      bundle.check(own.map((value) => value + 2 * bundle.tolerance)),
      'differ from the golden',
    );
    await expectError(bundle.check(own.map(() => NaN)), 'differ from the golden');
    await expectError(bundle.check(own.subarray(1)), '11 logits, and 12 golden ones');
  });

  it('prepares the golden images as the input of the network', async () => {
    const { shape, data } = await (await openBundle(join(root, format))).goldenInputs();
    // [N, C, H, W] in the order blue, green, red.
    const planes = toPlanes(samples);
    const { mean, deviation } = model.preprocessing;
    const area = 9 * 12;
    const wanted = planes.map((_, at) => {
      const [n, channel, pixel] = [Math.floor(at / (3 * area)), Math.floor(at / area) % 3, at % area];
      const byte = planes[(n * 3 + 2 - channel) * area + pixel] ?? NaN;
      return format === 'caffe' ? byte : (byte - (mean[channel] ?? NaN)) / (deviation[channel] ?? NaN);
    });
    if (format === 'keras') {
      expect(shape).toEqual([3, 9, 12, 3]);
      wanted.forEach((value, at) => {
        const [n, channel, pixel] = [Math.floor(at / (3 * area)), Math.floor(at / area) % 3, at % area];
        expect(data[(n * area + pixel) * 3 + channel]).toBe(value);
      });
    } else expect([shape, [...data]]).toEqual([[3, 3, 9, 12], [...wanted]]);
  });

  it('names the file with one flipped byte, and the one that is missing or cut short', async () => {
    const folder = join(root, `${format}-damaged`);
    await cp(join(root, format), folder, { recursive: true });
    for (const name of await readdir(folder)) {
      const whole = await readFile(join(folder, name));
      const flipped = Buffer.from(whole);
      flipped[whole.length >> 1] = (whole[whole.length >> 1] ?? 0) ^ 1;
      await writeFile(join(folder, name), flipped);
      await expectError(openBundle(folder), name);
      await writeFile(join(folder, name), whole.subarray(0, -1));
      await expectError(openBundle(folder), name);
      await rm(join(folder, name));
      await expectError(openBundle(folder), `${name} is missing`);
      await writeFile(join(folder, name), whole);
    }
    await expect(openBundle(folder)).resolves.toBeDefined();
  });

  it('reads the weights where it can, and says where they are otherwise', async () => {
    const bundle = await openBundle(join(root, format));
    if (format === 'keras' || format === 'caffe') return expectError(bundle.tensors(), `for ${format}`);
    const tensors = await bundle.tensors();
    for (const slot of [...model.layout.parameters, ...model.layout.statistics]) {
      const { name, dims, data } = readSlot(model, slot);
      expect(tensors.get(name), name).toEqual({ shape: [...dims], data });
    }
    expect(tensors.get('bn1.num_batches_tracked')).toEqual({ shape: [], data: BigInt64Array.of(1234n) });
  });
});

describe('the reader of bundles in JavaScript', () => {
  it('refuses other manifests with the reason', async () => {
    const text = await readFile(join(root, 'npz', 'normlab.json'), 'utf8');
    const read = (manifest: string) => openBundle(async () => new TextEncoder().encode(manifest));
    await expectError(read(text.replace('"version": 1', '"version": 2')), 'has version 2');
    await expectError(read('{}'), 'no manifest of NormLab');
    await expectError(read('null'), 'no manifest of NormLab');
    await expectError(read('{'), 'normlab.json is damaged');
    await expectError(read(text.replace('"npz"', '"zpn"')), 'normlab.json is damaged');
    await expectError(
      openBundle(async () => null),
      'normlab.json is missing',
    );
  });

  it('resizes images of any size to the bytes of NormLab', async () => {
    const sizes = [
      [12, 9],
      [40, 31],
      [5, 80],
      [1, 1],
    ] as const;
    for (const resize of RESIZE_POLICIES)
      for (const channels of [1, 3] as const) {
        const written = network(channels, { resize });
        const bundle = await openBundle(await write('npz', written, `${resize}-${channels}`));
        for (const [width, height] of sizes)
          for (const given of [1, 3] as const) {
            const data = noise(width * height * given);
            const upright = { width, height, shownWidth: width, shownHeight: height, pixels: data };
            const resized = resample({ ...upright, channels: given }, written.preprocessing);
            const wanted = toChannels({ channels: given, pixels: resized }, channels);
            const found = bundle.resize({ width, height, channels: given, data });
            expect([...found], `${resize} ${width} ${height} ${given}`).toEqual([...wanted]);
          }
      }
  });

  it('takes the pixels of a canvas, and refuses what is no image', async () => {
    const bundle = await openBundle(join(root, 'npz'));
    const rgb = noise(20 * 15 * 3);
    const canvas = Uint8ClampedArray.from({ length: 20 * 15 * 4 }, (_, at) =>
      at % 4 === 3 ? 255 : (rgb[Math.floor(at / 4) * 3 + (at % 4)] ?? 0),
    );
    const size = { width: 20, height: 15 };
    expect(bundle.prepare({ ...size, channels: 4, data: canvas })).toEqual(
      bundle.prepare({ ...size, channels: 3, data: rgb }),
    );
    expect(() => bundle.prepare({ ...size, channels: 1, data: rgb })).toThrow(/900 values are no image/);
    expect(() => bundle.normalize(rgb)).toThrow(/no images of 9 x 12 x 3/);
  });

  it('runs as docs/formats.md shows it', async () => {
    const text = await readFile(join(import.meta.dirname, '../../docs/formats.md'), 'utf8');
    const [, code = ''] = /```js\n([\s\S]*?)```/.exec(text) ?? [];
    const folder = join(root, 'documented');
    await cp(join(import.meta.dirname, '../../examples'), join(folder, 'examples'), { recursive: true });
    await cp(join(root, 'npz'), join(folder, 'flowers-npz'), { recursive: true });
    await writeFile(join(folder, 'example.mjs'), code);
    const said = execFileSync(process.execPath, ['example.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(said).toBe('4 3 x 3 x 9 x 12 32 x 3 x 3 x 3\n0\n');
  });
});
