import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { exportOnnx } from '#core/export/exportOnnx.ts';
import { randomModel, randomImages } from '#core/export/testing/randomModel.ts';
import type { ExportFormat } from '#core/export/formats.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { instantiateTemplate } from '#core/templates/templates.ts';
import type { Preprocessing } from '#core/document/preprocessing.ts';
import { decodeImage } from '#workers/data/decode/decodeImage.ts';
import { caseNetworks } from './caseNetworks.ts';
import { hostileModel } from './hostileNames.ts';
import { trainTemplates } from './trainTemplates.ts';
import { IMAGES, writeCase } from './writeCase.ts';

/** Cases that are written at the same time: most of the time goes into waiting for threads and the disk. */
const AT_ONCE = 4;
/** Image files of the case with a crop. */
const CROPPED_IMAGES = 4;

/**
 * Writes a folder for each case (`writeCase`): networks with random weights and statistics, one with hostile names, and
 * the small templates trained on real images; the images of these are real, those of the others noise. Returns a line
 * about what was written.
 */
export async function writeCases(folder: string): Promise<string> {
  const networks = caseNetworks();
  const random = networks.map(({ name, document, only }, index) => () => {
    const model = randomModel(document, index + 1);
    return writeNoise(join(folder, name), model, only);
  });
  await runAll([
    ...random,
    () => writeNoise(join(folder, 'hostile-names'), hostileModel()),
    () => writePretrained(join(folder, 'bgr-crop')),
  ]);
  const trained = await trainTemplates();
  await runAll(
    trained.map(
      ({ name, model, images }) =>
        () =>
          writeCase(join(folder, `trained-${name}`), model, images),
    ),
  );
  const about = trained.map(
    ({ name, source, accuracy }) => `${name} on ${source}: ${accuracy} % of the training images`,
  );
  return `${random.length + 2} networks exported, and ${trained.length} trained ones (${about.join('; ')})`;
}

async function runAll(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const waiting = tasks.values();
  const workers = Array.from({ length: AT_ONCE }, async () => {
    for (const task of waiting) await task();
  });
  await Promise.all(workers);
}

function writeNoise(folder: string, model: TrainedModel, only?: ExportFormat): Promise<void> {
  return writeCase(folder, model, randomImages(model, IMAGES), only === undefined ? undefined : [only]);
}

/**
 * The preprocessing of pretrained networks: B, G, R, given numbers, and a crop, whose image files the documented
 * readers have to crop themselves.
 */
async function writePretrained(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const plain = randomModel(
    instantiateTemplate('vgg-bn', { inputShape: [3, 16, 12], classes: 7, id: 'bgr' }),
    99,
  );
  const preprocessing: Preprocessing = {
    ...plain.preprocessing,
    ...{ resize: 'crop', cropFraction: 0.8, channelOrder: 'bgr' },
    ...{ mean: [104, 117, 123], deviation: [50, 60, 70] },
  };
  const images = await Promise.all(
    Array.from({ length: CROPPED_IMAGES }, async (_, number) => {
      const raw = { width: 37 + 11 * number, height: 53 - 9 * number, channels: 3 } as const;
      const noise = Uint8Array.from(
        { length: raw.width * raw.height * 3 },
        (_, at) => (at * 2654435761) >>> 24,
      );
      const file = join(folder, `image${number}.png`);
      await sharp(noise, { raw }).png().toFile(file);
      return decodeImage(file, preprocessing);
    }),
  );
  const model = { ...plain, preprocessing };
  await writeCase(folder, model, Buffer.concat(images));
  const prepared = exportOnnx(model, { foldBatchNorm: false, withPreprocessing: true });
  writeFileSync(join(folder, 'prepared.onnx'), prepared);
}
