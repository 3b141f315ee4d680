import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { classProbabilities, decidedClass, readoutOf } from '#core/export/readout.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { padBatch } from '#core/training/evaluate.ts';
import { compareNames } from '../data/compareNames.ts';
import { decodeImage } from '../data/decodeImage.ts';
import { hasPictureExtension } from '../data/imageFormat.ts';
import type { WeightsChoice } from './exactStatisticsFile.ts';
import { openInference, type Inference, type InferenceOptions } from './inference.ts';
import { loadMeasuredModel } from './measuredModel.ts';

export interface PredictOptions extends InferenceOptions {
  readonly run: string;
  /** Which of the run's weights; the averages by default, where it keeps them. */
  readonly weights?: WeightsChoice;
  /** Files and folders; folders are searched to any depth for pictures. */
  readonly paths: readonly string[];
  readonly batch?: number;
  readonly cacheFolder?: string;
  /** Number of classes in `top`; 5 by default. */
  readonly top?: number;
}

export interface Prediction {
  /** As given, or the given folder with the path inside it. */
  readonly file: string;
  readonly class: string;
  readonly probability: number;
  readonly top: readonly { readonly class: string; readonly probability: number }[];
  /** One for each class, in the order of the run's classes; a single one where that tells two classes apart. */
  readonly logits: readonly number[];
}

/** A picture that could not be read, in place of a prediction. */
export interface Unpredicted {
  readonly file: string;
  readonly error: string;
}

/**
 * Classifies pictures one batch at a time and gives each as soon as it is known, in order. Unreadable pictures inside folders or
 * among several files come as `Unpredicted`. Throws `AppError`: those of `loadMeasuredModel`, 'folder-not-found' for a path that
 * does not exist, 'folder-no-images' when the paths hold no picture.
 */
export async function* predictRun(options: PredictOptions): AsyncGenerator<Prediction | Unpredicted> {
  const model = await loadMeasuredModel(options.run, options.weights, options);
  const files = await listPictures(options.paths);
  const size = Math.min(options.batch ?? 32, files.length);
  const inference = openInference(model, size, options);
  try {
    for (let start = 0; start < files.length; start += size) {
      yield* predictBatch(model, inference, files.slice(start, start + size), options.top ?? 5);
    }
  } finally {
    inference.close();
  }
}

type Decoded = { file: string; pixels: Uint8Array } | Unpredicted;

async function* predictBatch(
  model: TrainedModel,
  { prepared }: Inference,
  files: readonly string[],
  top: number,
): AsyncGenerator<Prediction | Unpredicted> {
  const decoded = await Promise.all(files.map((file) => decodeOne(file, model)));
  const readable = decoded.filter((each) => 'pixels' in each);
  if (readable.length > 0) {
    const { channels, height, width } = model.preprocessing;
    const images = new Uint8Array(readable.length * channels * height * width);
    readable.forEach(({ pixels }, index) => images.set(pixels, index * pixels.length));
    const labels = new Int32Array(readable.length).fill(-1);
    const feed = padBatch({ images, labels, count: readable.length }, prepared.batch);
    prepared.run(feed, { learningRate: 0, step: 1, randomKey: 0 });
  }
  const logits = prepared.logits.slice();
  let row = 0;
  for (const each of decoded) {
    if ('error' in each) yield each;
    else yield predictionOf(model, each.file, logits, row++, top);
  }
}

function predictionOf(
  { classNames, document, graph }: TrainedModel,
  file: string,
  logits: ArrayLike<number>,
  row: number,
  top: number,
): Prediction {
  const count = graph.logitCount;
  const own = Array.from({ length: count }, (_, index) => logits[row * count + index] ?? NaN);
  const probabilities = classProbabilities(readoutOf(document.training.loss, count), own);
  const decided = decidedClass(own);
  const ranked = classNames
    .map((name, index) => ({ class: name, probability: probabilities[index] ?? NaN, index }))
    .sort(
      (a, b) => b.probability - a.probability || Number(b.index === decided) - Number(a.index === decided),
    )
    .slice(0, Math.max(1, top))
    .map(({ class: name, probability }) => ({ class: name, probability }));
  const [best] = ranked;
  return {
    file,
    class: best?.class ?? '',
    probability: best?.probability ?? NaN,
    top: ranked,
    logits: own,
  };
}

async function decodeOne(file: string, { preprocessing }: TrainedModel): Promise<Decoded> {
  try {
    return { file, pixels: await decodeImage(file, preprocessing) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { file, error: error.message };
  }
}

/** All pictures under the given paths, each folder's in the order of their names. */
async function listPictures(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const given of paths) {
    const info = await stat(given).catch((cause: unknown) => {
      throw new AppError('folder-not-found', `There is no file or folder “${given}”; check the path.`, {
        where: given,
        cause,
      });
    });
    if (!info.isDirectory()) files.push(given);
    else for (const file of await picturesIn(given)) files.push(file);
  }
  if (files.length > 0) return files;
  throw new AppError(
    'folder-no-images',
    `There is no picture in ${paths.join(', ')}; give pictures or folders of them.`,
    {
      where: paths.join(', '),
    },
  );
}

async function picturesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause: unknown) => {
    throw new AppError(
      'folder-not-readable',
      `The folder “${folder}” cannot be read; check its permissions.`,
      {
        where: folder,
        cause,
      },
    );
  });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && hasPictureExtension(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort(compareNames);
}
