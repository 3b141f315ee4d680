import { mkdir } from 'node:fs/promises';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { createAugmenter } from '#core/augment/augmenter.ts';
import { drawBeta } from '#core/augment/beta.ts';
import { augmentationSchema, type Augmentation } from '#core/augment/augmentation.ts';
import { Draws } from '#core/augment/draws.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { createDocument } from '#core/document/create.ts';
import type { GraphDocument } from '#core/document/schema.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { trainingSettingsSchema, type TrainingSettings } from '#core/document/trainingSettings.ts';
import { GraphBuilder } from '#core/templates/graphBuilder.ts';
import { openStream } from '#core/training/random.ts';
import { openSampler } from '#core/training/sampler.ts';
import { writeCluster } from '#workers/cluster/writeCluster.ts';
import { exportFolder } from '#workers/export/exportFolder.ts';
import { trainRun } from '#workers/training/trainRun.ts';

const CLASSES = ['a', 'b', 'c'];
const SIZE = { height: 12, width: 10, channels: 3 } as const;
/** Not the same for each class, so that class weights and samplers matter. */
const IMAGES = [25, 16, 12];

/** Every transform, most of them for a part of the images. */
const ALL_TRANSFORMS = {
  border: 'reflect',
  randomResizedCrop: { probability: 0.5 },
  horizontalFlip: {},
  verticalFlip: { probability: 0.3 },
  shear: { y: 5 },
  scale: {},
  rotate: { degrees: 20 },
  shift: {},
  randAugment: { ops: 3, magnitude: 12 },
  colorJitter: { hue: 0.1 },
  grayscale: {},
  blur: {},
  noise: {},
  cutout: { size: 0.3, holes: 2, probability: 0.5 },
  mixup: { probability: 0.5, alpha: 0.4 },
  cutmix: {},
};

interface ClusterCase {
  readonly name: string;
  readonly norm: Readonly<Record<string, string | number | boolean>>;
  readonly settings: object;
  readonly augmentation?: Augmentation;
}

/** The runs that PyTorch repeats; the last batch of an epoch of 53 images has one. */
const CASES: readonly ClusterCase[] = [
  { name: 'plain', norm: {}, settings: { epochs: 10, batchSize: 13 } },
  {
    name: 'everything',
    norm: { variance: 'biased', decay: 0.8 },
    augmentation: augmentationSchema.parse(ALL_TRANSFORMS),
    settings: {
      ...{ epochs: 12, headEpochs: 2, batchSize: 5, accumulate: 2, remainder: 'merge' },
      ...{ classWeights: 'balanced', labelSmoothing: 0.1, sampler: { kind: 'balanced' } },
      ...{ clipping: { kind: 'norm', limit: 0.5 }, l1: 1e-5, l2: 1e-3, warmupSteps: 5 },
      ...{ averaging: { kind: 'ema', decay: 0.9, validate: 'both' }, schedule: { kind: 'oneCycle' } },
      optimizer: { kind: 'sgd', momentum: 0.8, nesterov: true },
    },
  },
  {
    name: 'stored',
    norm: { normalizeBy: 'stored', averaging: 'cumulative' },
    settings: {
      ...{ epochs: 10, batchSize: 11, remainder: 'drop', clipping: { kind: 'value', limit: 0.05 } },
      ...{ loss: { kind: 'focal' }, optimizer: { kind: 'rmsprop', centered: true, momentum: 0.5 }, l2: 1e-3 },
      ...{ learningRate: 0.0005, schedule: { kind: 'step', everyEpochs: 3, factor: 0.5 } },
    },
  },
];

/** A network with two BatchNorm blocks and three dropouts. */
function networkOf({ name, norm, settings, augmentation }: ClusterCase): GraphDocument {
  const builder = new GraphBuilder();
  const input = builder.add('input', 'input', [0, 0], [], SIZE);
  const conv1 = builder.add('conv1', 'conv2d', [0, 1], [input], { filters: 6, bias: false });
  const bn1 = builder.add('bn1', 'batchNorm', [0, 2], [conv1], {});
  const relu1 = builder.add('relu1', 'relu', [0, 3], [bn1]);
  const drop1 = builder.add('drop1', 'spatialDropout', [0, 4], [relu1], { rate: 0.1 });
  const conv2 = builder.add('conv2', 'conv2d', [0, 5], [drop1], { filters: 6, bias: false, stride: 2 });
  const bn2 = builder.add('import', 'batchNorm', [0, 6], [conv2], norm);
  const relu2 = builder.add('relu2', 'relu', [0, 7], [bn2]);
  const depth = builder.add('depth', 'stochasticDepth', [0, 8], [relu2], { rate: 0.1 });
  const flat = builder.add('flat', 'flatten', [0, 9], [depth]);
  const drop2 = builder.add('drop2', 'dropout', [0, 10], [flat], { rate: 0.2 });
  const dense = builder.add('dense1', 'dense', [0, 11], [drop2], { units: CLASSES.length, rateFactor: 0.5 });
  builder.add('output', 'output', [0, 12], [dense]);
  const { graph, positions } = builder.build();
  const training: TrainingSettings = trainingSettingsSchema.parse({
    ...{ seed: 7, precision: 'f32', learningRate: 0.02 },
    ...settings,
  });
  const document = createDocument('Cluster', name);
  return {
    ...document,
    ...{ graph, training, layout: { positions } },
    data: {
      ...document.data,
      validationFraction: 0,
      ...(augmentation === undefined ? {} : { augmentation }),
    },
  };
}

async function drawImages(folder: string, counts: readonly number[], seed: number): Promise<void> {
  const random = openStream(seed, 'pictures');
  for (const [index, name] of CLASSES.entries()) {
    await mkdir(join(folder, name), { recursive: true });
    for (let number = 0; number < (counts[index] ?? 0); number += 1) {
      const pixels = Uint8Array.from(
        { length: 12 * 10 * 3 },
        (_, at) => random.below(150) + (Math.floor(at / 30) % 3 === index ? 100 : 0),
      );
      await sharp(pixels, { raw: { width: 10, height: 12, channels: 3 } })
        .png()
        .toFile(join(folder, name, `${String(number)}.png`));
    }
  }
}

/**
 * Trains each case in NormLab and writes its project for a cluster, with the trained weights and the figures of the
 * run, and what random draws and augmentation are for many seeds. Returns the number of cases.
 */
export async function writeClusterCases(folder: string): Promise<number> {
  const [train, validation, cacheFolder] = ['train', 'validation', 'cache'].map((name) => join(folder, name));
  if (train === undefined || validation === undefined || cacheFolder === undefined) return 0;
  await drawImages(train, IMAGES, 1);
  await drawImages(validation, [4, 4, 4], 2);
  for (const each of CASES) {
    const document = networkOf(each);
    const out = join(folder, each.name, 'run');
    await mkdir(join(folder, each.name), { recursive: true });
    await trainRun({ document, train, validation, out, cacheFolder });
    const context = { signal: new AbortController().signal, onProgress: () => undefined };
    const path = join(folder, each.name, 'trained.safetensors');
    await exportFolder(
      { run: out, format: 'safetensors', foldBatchNorm: false, path, cacheFolder },
      path,
      context,
    );
    await writeCluster(
      {
        ...{ project: serializeDocument(document), train, validation, labels: null, splitFrom: null },
        ...{ from: null, partial: false, weightsFolders: [], nodes: 2, gpusPerNode: 4 },
        ...{ path: join(folder, each.name, 'project'), overwrite: false, cacheFolder },
      },
      context,
    );
  }
  writeFileSync(join(folder, 'draws.json'), JSON.stringify(drawnValues()));
  return CASES.length;
}

/** Orders of epochs, samplers, draws and augmented images, by seed. */
function drawnValues(): object {
  const labels = Int32Array.from({ length: 41 }, (_, at) => (at % 7) % 3);
  const subject = { labels, classNames: CLASSES, shuffle: true };
  const random = openStream(3, 'pixels');
  const image = Uint8Array.from({ length: 12 * 10 * 3 }, () => random.below(256));
  const seeds = [0, 1, 77, 0xffff_ffff];
  return {
    labels: [...labels],
    orders: seeds.flatMap((seed) =>
      (['all', 'balanced'] as const).flatMap((kind) =>
        [0, 1, 5, 100].map((epoch) => ({
          ...{ seed, kind, epoch },
          order: [...openSampler({ kind }, { ...subject, seed })(epoch)],
        })),
      ),
    ),
    betas: [0.05, 0.4, 1, 3].map((alpha) => {
      const draws = new Draws();
      draws.open(12345, 15);
      return { alpha, values: Array.from({ length: 20 }, () => drawBeta(draws, alpha)) };
    }),
    image: [...image],
    augmented: Object.keys(ALL_TRANSFORMS)
      .filter((name) => !['border', 'mixup', 'cutmix'].includes(name))
      .flatMap((name) => (['black', 'mean', 'edge', 'reflect'] as const).map((border) => ({ name, border })))
      .map(({ name, border }) => augmentedCase(name, border, image)),
  };
}

/** Twelve samples under one transform, or all of them, applied to every image. */
function augmentedCase(name: string, border: string, image: Uint8Array): object {
  const given = must(
    Object.entries(ALL_TRANSFORMS).find(([each]) => each === name),
    name,
  )[1];
  const always = name === 'randAugment' ? {} : { probability: 1 };
  const settings = augmentationSchema.parse({ border, [name]: { ...(given as object), ...always } });
  const mean = [100.2, 90.5, 80.9];
  const augmenter = createAugmenter({ ...SIZE, augmentation: settings, seed: 7, mean });
  const images = Array.from({ length: 12 }, (_, sample) => {
    const into = new Uint8Array(image.length);
    augmenter.augment(image, 0, into, 0, 2, sample);
    return [...into];
  });
  return { name, settings, mean, images };
}
