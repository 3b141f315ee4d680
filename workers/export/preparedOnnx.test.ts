import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { RESIZE_POLICIES } from '#core/document/dataSettings.ts';
import type { Preprocessing } from '#core/document/preprocessing.ts';
import { exportOnnx } from '#core/export/exportOnnx.ts';
import { formatDifferences } from '#core/export/formatDifferences.ts';
import { randomModel } from '#core/export/testing/randomModel.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { told } from '#core/words/testing.ts';
import { noise, type Samples, type SizedImage } from './check/samples.ts';
import { samplesInOwnSizes } from './check/ownSizes.ts';
import { startExport } from './exportClient.ts';
import { verifyExport, writeVerified } from './writeVerified.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normlab-prepared-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A small network with other preprocessing. */
function network(channels: 1 | 3, changed: Partial<Preprocessing>): TrainedModel {
  const document = instantiateTemplate('mnist-cnn-bn', { inputShape: [channels, 12, 16], classes: 4 });
  const model = randomModel(document);
  return { ...model, preprocessing: { ...model.preprocessing, ...changed } };
}

function imagesFor({ preprocessing: { channels } }: TrainedModel): SizedImage[] {
  const sizes = [
    [16, 12],
    [40, 31],
    [7, 90],
  ] as const;
  return sizes.map(([width, height]) => ({ width, height, pixels: noise(width * height * channels) }));
}

describe('an ONNX file with preprocessing', () => {
  it.each(
    RESIZE_POLICIES.flatMap((resize) =>
      [
        { channels: 1 as const, changed: { resize } },
        { channels: 3 as const, changed: { resize, channelOrder: 'bgr' as const } },
      ].map((made) => ({ ...made, resize })),
    ),
  )('has the logits of NormLab for images of any size: $resize, $channels channels', async (made) => {
    const model = network(made.channels, made.changed);
    const file = path.join(folder, 'model.onnx');
    const report = await writeVerified(
      {
        ...{ model, format: 'onnx', foldBatchNorm: true, withPreprocessing: true, path: file },
        ...{ images: imagesFor(model), backend: referenceBackend },
      },
      file,
    );
    expect(report.maxAbsDiff).toBeLessThan(1e-5);
    expect(report.top1Agreement).toBe(1);
    expect(report.sizeBytes).toBe((await readFile(file)).length);
    expect(told(report.notes).join('\n')).toMatch(/own sizes, 3 of them noise.*\n.*compared on 6 images/);
  });

  it('is compared on noise when there are no images, and says so', async () => {
    const model = network(3, { resize: 'fit' });
    const file = path.join(folder, 'model.onnx');
    const { notes } = await writeVerified(
      {
        ...{ model, format: 'onnx', foldBatchNorm: false, withPreprocessing: true, path: file },
        backend: referenceBackend,
      },
      file,
    );
    expect(told(notes).at(-1)).toMatch(/3 images of generated noise/);
  });

  it('is refused for a format without computation, before anything is written', async () => {
    const asked = { run: folder, format: 'safetensors', foldBatchNorm: false } as const;
    const file = path.join(folder, 'model.safetensors');
    const started = startExport(
      { ...asked, withPreprocessing: true, path: file, overwrite: false },
      () => undefined,
    );
    await expect(started.done).rejects.toMatchObject({
      code: 'arguments',
      message: expect.stringContaining('Only an ONNX file can prepare images itself') as string,
    });
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the differences of an ONNX file with preprocessing', () => {
  const keysFor = (
    channels: 1 | 3,
    resize: Preprocessing['resize'],
    withPreprocessing: boolean,
  ): string[] => {
    const { document } = network(channels, {});
    const asked = { ...document, data: { ...document.data, resize } };
    return formatDifferences(asked, 'onnx', { foldBatchNorm: true, withPreprocessing }).map(({ key }) => key);
  };

  it('are told before the export, for each policy and for grey images', () => {
    expect(keysFor(3, 'stretch', true)).toEqual(['exporting.decodesWhole']);
    expect(keysFor(3, 'crop', true)).toEqual([]);
    expect(keysFor(1, 'fit', true)).toEqual(['exporting.decodesWhole', 'exporting.greyFirst']);
    expect(keysFor(1, 'fit', false)).toEqual([]);
  });
});

describe('the check of an ONNX file with preprocessing', () => {
  const model = network(3, { resize: 'cover' });
  const write = (changed: Partial<Preprocessing> = {}): Uint8Array =>
    exportOnnx(
      { ...model, preprocessing: { ...model.preprocessing, ...changed } },
      { foldBatchNorm: false, withPreprocessing: true },
    );
  const verify = async (file: Uint8Array, changed: Partial<Samples> = {}): Promise<unknown> => {
    const samples = await samplesInOwnSizes(model, imagesFor(model));
    const asked = { model, format: 'onnx', backend: referenceBackend, path: 'model' } as const;
    return verifyExport(file, asked, { ...samples, ...changed });
  };

  it('accepts the file as it was written', async () => {
    await expect(verify(write())).resolves.toMatchObject({ top1Agreement: 1 });
  });

  it.each(RESIZE_POLICIES.filter((resize) => resize !== 'cover'))(
    'finds out when the file resizes by another policy: %s',
    async (resize) => {
      await expect(verify(write({ resize }))).rejects.toMatchObject({ code: 'export-differs' });
    },
  );

  it('finds out when the file has the channels in another order', async () => {
    await expect(verify(write({ channelOrder: 'bgr' }))).rejects.toMatchObject({ code: 'export-differs' });
  });

  it('finds out when a constant of the resizing is damaged', async () => {
    const file = write();
    // The float64 numbers of the rows: 3 becomes -3.
    const numbers = Buffer.from(Float64Array.of(0, 1, 2, 3, 4).buffer);
    const at = Buffer.from(file).indexOf(numbers);
    expect(at).toBeGreaterThan(0);
    file[at + 31] = (file[at + 31] ?? 0) ^ 0x80;
    await expect(verify(file)).rejects.toMatchObject({ code: 'export-differs' });
  });

  it('finds a file cut short', async () => {
    const file = write();
    await expect(verify(file.subarray(0, file.length - 40))).rejects.toThrow(/could not read it back/);
  });

  it('finds a file that takes prepared images instead', async () => {
    const file = exportOnnx(model, { foldBatchNorm: false });
    await expect(verify(file)).rejects.toMatchObject({ code: 'export-differs' });
  });
});
