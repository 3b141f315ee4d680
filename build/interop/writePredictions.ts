import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { RESIZE_POLICIES } from '#core/document/dataSettings.ts';
import type { Preprocessing, ValueRanges } from '#core/document/preprocessing.ts';
import { exportOnnx } from '#core/export/exportOnnx.ts';
import { classProbabilities, readoutOf } from '#core/export/readout.ts';
import { randomModel } from '#core/export/testing/randomModel.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import { tiffFile } from '#workers/data/testing/tiffFile.ts';
import { decodeImage } from '#workers/data/decode/decodeImage.ts';
import { backendLogits } from '#workers/export/check/backendLogits.ts';
import { samplesFor } from '#workers/export/check/samples.ts';
import { writeBundle } from '#workers/export/writeBundle.ts';

/** Smooth colors with some noise, so that resampling matters. */
function draw(width: number, height: number, channels: 3 | 4): Buffer {
  return Buffer.from(
    Uint8Array.from({ length: width * height * channels }, (_, at) => {
      const [pixel, channel] = [Math.floor(at / channels), at % channels];
      const [x, y] = [pixel % width, Math.floor(pixel / width)];
      const wave = Math.sin(x / (3 + channel)) + Math.cos(y / (5 - channel));
      return 127 + 50 * wave + ((at * 2654435761) >>> 27);
    }),
  );
}

/** Writes images of several kinds and returns their names. */
async function writeImages(folder: string): Promise<readonly string[]> {
  const of = (width: number, height: number, channels: 3 | 4 = 3) =>
    sharp(draw(width, height, channels), { raw: { width, height, channels } });
  const images = {
    'odd.png': of(37, 53).png(),
    'wide.png': of(90, 31).png(),
    'exact.png': of(12, 16).png(),
    'grey.png': of(41, 29).toColourspace('b-w').png(),
    'clear.png': of(33, 47, 4).png(),
    'large.jpg': of(213, 187).jpeg({ quality: 90, chromaSubsampling: '4:4:4' }),
  };
  const photo = (): Sharp => of(171, 260).jpeg({ quality: 90, chromaSubsampling: '4:4:4' });
  const turned = [2, 3, 4, 5, 6, 7, 8].map(
    (orientation) => [`turned${String(orientation)}.jpg`, photo().withMetadata({ orientation })] as const,
  );
  const all = [...Object.entries(images), ...turned];
  for (const [name, image] of all) await image.toFile(join(folder, name));
  return all.map(([name]) => name);
}

/**
 * Writes a folder for each way of resizing, in color and in grey: a bundle for PyTorch and one for Keras, an ONNX file
 * with its preprocessing inside, and what NormLab itself decodes and predicts for the images in `images`; and some for
 * images with more than 8 bits. Returns the number of folders.
 */
export async function writePredictions(folder: string): Promise<number> {
  const images = join(folder, 'images');
  mkdirSync(images, { recursive: true });
  const names = await writeImages(images);
  const cases = RESIZE_POLICIES.flatMap((resize) =>
    ([1, 3] as const).map((channels) => ({ resize, channels })),
  );
  for (const [index, { resize, channels }] of cases.entries()) {
    const inputShape = [channels, 16, 12] as const;
    const plain = randomModel(
      instantiateTemplate('mnist-cnn-bn', { inputShape, classes: 5, id: resize }),
      index,
    );
    const preprocessing: Preprocessing = {
      ...plain.preprocessing,
      resize,
      ...(channels === 3 && resize === 'fit' ? { channelOrder: 'bgr' } : {}),
    };
    const files = names.map((name) => join(images, name));
    await writeCase(join(folder, `${resize}-${String(channels)}`), { ...plain, preprocessing }, files);
  }
  return cases.length + (await writeDeepPredictions(folder));
}

/**
 * Images with more than 8 bits: with ranges that clip some of their values, and without, where the high byte is kept.
 */
async function writeDeepPredictions(folder: string): Promise<number> {
  const sixteen = await writeSixteenBits(join(folder, 'images'));
  const others = writeOtherNumbers(join(folder, 'images'));
  await writeDeepColor(join(folder, 'images', 'color16.png'));
  const ranges = { unsigned16: [2100, 50_500], number: [-300, 700] } satisfies ValueRanges;
  const cases = [
    { name: 'deep-ranges-1', channels: 1, files: [...sixteen, ...others], chosen: { ranges } },
    { name: 'deep-ranges-3', channels: 3, files: [...sixteen, ...others], chosen: { ranges } },
    { name: 'deep-high-byte', channels: 1, files: sixteen, chosen: {} },
  ] as const;
  for (const [index, { name, channels, files, chosen }] of cases.entries()) {
    const inputShape = [channels, 16, 12] as const;
    const plain = randomModel(
      instantiateTemplate('mnist-cnn-bn', { inputShape, classes: 5, id: name }),
      20 + index,
    );
    const preprocessing: Preprocessing = { ...plain.preprocessing, ...chosen };
    await writeCase(join(folder, name), { ...plain, preprocessing }, files);
  }
  return cases.length;
}

/** Grey images of 16 bits, one of the network's size. */
async function writeSixteenBits(folder: string): Promise<readonly string[]> {
  const files = ['exact16.png', 'odd16.png', 'odd16.tif'].map((name) => join(folder, name));
  for (const [at, file] of files.entries()) {
    const [width, height] = at === 0 ? [12, 16] : [31, 23];
    const values = Uint16Array.from(wave(width, height, (value) => 32_768 + 30_000 * value));
    if (file.endsWith('.tif'))
      writeFileSync(file, tiffFile({ width, height, samples: 1, values, photometric: 1 }));
    else
      await sharp(values, { raw: { width, height, channels: 1 } })
        .toColourspace('grey16')
        .png()
        .toFile(file);
  }
  return files;
}

/** A color image of 16 bits, which Pillow cannot read in full. */
async function writeDeepColor(file: string): Promise<void> {
  const [width, height] = [12, 16];
  const values = Uint16Array.from(wave(3 * width, height, (value) => 32_768 + 30_000 * value));
  await sharp(values, { raw: { width, height, channels: 3 } })
    .toColourspace('rgb16')
    .png()
    .toFile(file);
}

/** Grey TIFF files of floating point numbers and of signed ones. */
function writeOtherNumbers(folder: string): readonly string[] {
  const [width, height] = [27, 35];
  const values = wave(width, height, (value) => 200 + 700 * value);
  const written = {
    'float.tif': { values: Float32Array.from(values), sampleFormat: 3 },
    'signed.tif': { values: Int16Array.from(values), sampleFormat: 2 },
  };
  return Object.entries(written).map(([name, parts]) => {
    const file = join(folder, name);
    writeFileSync(file, tiffFile({ ...parts, width, height, samples: 1, photometric: 1 }));
    return file;
  });
}

/** Smooth values of an image, from -1 to 1 before `scale`. */
function wave(width: number, height: number, scale: (value: number) => number): number[] {
  return Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    return scale((Math.sin(x / 4) + Math.cos(y / 5)) / 2);
  });
}

async function writeCase(folder: string, model: TrainedModel, files: readonly string[]): Promise<void> {
  const decoded = await Promise.all(files.map((file) => decodeImage(file, model.preprocessing)));
  const samples = samplesFor(model, Buffer.concat(decoded));
  const targets = { pytorch: folder, keras: `${folder}-keras` } as const;
  for (const format of ['pytorch', 'keras'] as const) {
    const path = targets[format];
    mkdirSync(path, { recursive: true });
    const asked = { model, format, foldBatchNorm: false, path, samples: samples.bytes };
    await writeBundle({ ...asked, backend: referenceBackend }, path, samples);
  }
  writeFileSync(`${folder}.onnx`, exportOnnx(model, { foldBatchNorm: false, withPreprocessing: true }));
  const logits = await backendLogits(referenceBackend, model, samples);
  const width = model.graph.logitCount;
  const readout = readoutOf(model.document.training.loss, width);
  const expected = files.map((file, at) => ({
    file,
    bytes: [...(decoded[at] ?? [])],
    probabilities: classProbabilities(readout, logits.subarray(at * width, (at + 1) * width)),
  }));
  writeFileSync(`${folder}.json`, JSON.stringify(expected));
}
