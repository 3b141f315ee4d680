import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { classProbabilities, decidedClass, readoutOf } from '#core/export/readout.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { padBatch } from '#core/training/evaluate.ts';
import { message, type Message } from '#core/words/message.ts';
import { decodeImage, unusableImage } from '../data/decode/decodeImage.ts';
import { pathKind } from '../data/format/fileKinds.ts';
import { listImages } from '../data/images/listImages.ts';
import { createPace } from '../threads/pace.ts';
import type { WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import { openInference, type Inference, type InferenceOptions } from './inference.ts';
import { loadMeasuredModel } from './measuredModel.ts';

export interface PredictOptions extends InferenceOptions {
  readonly run: string;
  /** Which of the run's weights; the averages by default, where it keeps them. */
  readonly weights?: WeightsChoice;
  /** The last checkpoint by default. */
  readonly checkpoint?: CheckpointChoice;
  /** Called once, before the first prediction, with the run's weights and the number of finished epochs. */
  readonly onModel?: (checkpoint: CheckpointChoice, epoch: number) => void;
  /** Image files, and folders whose images are all taken, as a scan finds them. */
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
  /**
   * One probability for each class, in the order of the run's classes; a single one where that distinguishes two
   * classes.
   */
  readonly logits: readonly number[];
}

/** An image that could not be read, in place of a prediction. */
export interface Unpredicted {
  readonly file: string;
  readonly error: Message;
}

/**
 * Classifies images batch by batch and yields each prediction as soon as it is known, in order. Unreadable images
 * inside folders or among several files are yielded as `Unpredicted`. Throws `AppError`: those of `loadMeasuredModel`,
 * 'folder-not-found' for a path that does not exist, 'folder-no-images' when the paths hold no image.
 */
export async function* predictRun(options: PredictOptions): AsyncGenerator<Prediction | Unpredicted> {
  const model = await loadMeasuredModel(options.run, options.weights, options);
  const files = await listPictures(options.paths);
  options.onModel?.(model.provenance.checkpoint ?? 'last', model.provenance.epochs);
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

/** A file under the given paths; a file with a problem is reported and not decoded. */
interface Listed {
  readonly file: string;
  readonly problem: Message | null;
}

const NOT_FINITE = message('images.notFiniteOutput');

type Decoded = { file: string; pixels: Uint8Array } | Unpredicted;

async function* predictBatch(
  model: TrainedModel,
  { prepared }: Inference,
  files: readonly Listed[],
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
): Prediction | Unpredicted {
  const count = graph.logitCount;
  const own = Array.from({ length: count }, (_, index) => logits[row * count + index] ?? NaN);
  if (!own.every(Number.isFinite)) return { file, error: NOT_FINITE };
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

async function decodeOne({ file, problem }: Listed, { preprocessing }: TrainedModel): Promise<Decoded> {
  try {
    if (problem !== null) throw unusableImage(file, problem);
    return { file, pixels: await decodeImage(file, preprocessing) };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { file, error: error.said };
  }
}

/**
 * All images under the given paths, those of each folder in the order of their names, and the files that cannot be
 * used.
 */
async function listPictures(paths: readonly string[]): Promise<Listed[]> {
  const files: Listed[] = [];
  for (const given of paths) {
    const info = await stat(given).catch((cause: unknown) => {
      throw new AppError('folder-not-found', message('folders.nothingGiven', { path: given }), {
        where: given,
        cause,
      });
    });
    if (!info.isDirectory()) files.push({ file: given, problem: null });
    else for (const each of await imagesIn(given)) files.push(each);
  }
  if (files.length > 0) return files;
  throw new AppError('folder-no-images', message('folders.noImageIn', { paths: paths.map(named) }), {
    where: paths.join(', '),
  });
}

function named(given: string): string | Message {
  return pathKind(given) === 'run' ? message('folders.thisIsARun', { path: given }) : given;
}

async function imagesIn(folder: string): Promise<Listed[]> {
  const listed = await listImages(folder, createPace()).catch((cause: unknown) => {
    throw new AppError('folder-not-readable', message('folders.unlistable', { path: folder }), {
      where: folder,
      cause,
    });
  });
  return listed.map(({ file, problem }) => ({ file: path.join(folder, file), problem }));
}
