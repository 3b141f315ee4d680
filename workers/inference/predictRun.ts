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
import { createPace, type Pace } from '../threads/pace.ts';
import type { OnProgress } from '../threads/progress.ts';
import type { WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import { prepareFastest } from './fastestBatch.ts';
import { openInference, type Inference, type InferenceOptions } from './inference.ts';
import { loadMeasuredModel, type StatisticsChoice } from './measuredModel.ts';

export interface PredictOptions extends InferenceOptions {
  readonly run: string;
  /** Which of the run's weights; the averages by default, where it keeps them. */
  readonly weights?: WeightsChoice;
  /** The last checkpoint by default. */
  readonly checkpoint?: CheckpointChoice;
  /** Called once, before the first prediction. */
  readonly onStart?: (start: PredictionStart) => void;
  /** Image files, and folders whose images are all taken, as a scan finds them. */
  readonly paths: readonly string[];
  /** Images in a batch; by default the fastest number, whose step takes at most 75 ms. */
  readonly batch?: number;
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** BatchNorm statistics; those in the checkpoint by default. */
  readonly statistics?: StatisticsChoice;
  /** Number of classes in `top`; 5 by default. */
  readonly top?: number;
}

/** What is known before the first prediction. */
export interface PredictionStart {
  /** The run's weights, and the number of finished epochs. */
  readonly checkpoint: CheckpointChoice;
  readonly epoch: number;
  readonly classNames: readonly string[];
  /** Number of files that will be classified or reported. */
  readonly files: number;
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
 * 'folder-not-found' for a path that does not exist, 'folder-no-images' when the paths hold no image, 'interrupted'.
 */
export async function* predictRun(options: PredictOptions): AsyncGenerator<Prediction | Unpredicted> {
  const model = await loadMeasuredModel(options.run, options.weights, options);
  const pace = createPace(options.signal, undefined, message('pictures.stopped'));
  const files = await listPictures(options.paths, pace);
  const { checkpoint = 'last', epochs: epoch } = model.provenance;
  options.onStart?.({ checkpoint, epoch, classNames: model.classNames, files: files.length });
  const inference = await openNetwork(model, files.length, options, pace);
  const size = inference.prepared.batch;
  try {
    for (let start = 0; start < files.length; start += size) {
      const decoded = await decodeAll(files.slice(start, start + size), model, pace);
      await pace.settle();
      yield* predictBatch(model, inference, decoded, options.top ?? 5);
    }
  } finally {
    inference.close();
  }
}

/** A file under the given paths; a file with a problem is reported and not decoded. */
export interface Listed {
  readonly file: string;
  readonly problem: Message | null;
}

const NOT_FINITE = message('images.notFiniteOutput');

type Decoded = { file: string; pixels: Uint8Array } | Unpredicted;

/** Below so many images a choice of the batch would take longer than it saves. */
const FEW_IMAGES = 5;
/** Files that are decoded at once; each may need much memory. */
const DECODED_AT_ONCE = 4;

async function openNetwork(
  model: TrainedModel,
  images: number,
  options: PredictOptions,
  pace: Pace,
): Promise<Inference> {
  const inference = openInference(model, Math.min(options.batch ?? 1, images), options);
  if (options.batch !== undefined || images < FEW_IMAGES) return inference;
  inference.prepared.release();
  try {
    const between = (): Promise<void> => pace.settle();
    const { session, program } = inference;
    return { ...inference, prepared: await prepareFastest(session, program, images, { between }) };
  } catch (error) {
    inference.close();
    throw error;
  }
}

async function decodeAll(files: readonly Listed[], model: TrainedModel, pace: Pace): Promise<Decoded[]> {
  const decoded: Decoded[] = [];
  for (let at = 0; at < files.length; at += DECODED_AT_ONCE) {
    await pace.tick(at, files.length);
    const some = files.slice(at, at + DECODED_AT_ONCE);
    decoded.push(...(await Promise.all(some.map((file) => decodeOne(file, model)))));
  }
  return decoded;
}

function* predictBatch(
  model: TrainedModel,
  { prepared }: Inference,
  decoded: readonly Decoded[],
  top: number,
): Generator<Prediction | Unpredicted> {
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
 * used. Throws `AppError`: 'folder-not-found', 'folder-not-readable', 'folder-no-images', 'interrupted'.
 */
export async function listPictures(paths: readonly string[], pace: Pace): Promise<Listed[]> {
  const files: Listed[] = [];
  for (const given of paths) {
    const info = await stat(given).catch((cause: unknown) => {
      throw new AppError('folder-not-found', message('folders.nothingGiven', { path: given }), {
        where: given,
        cause,
      });
    });
    if (!info.isDirectory()) files.push({ file: given, problem: null });
    else for (const each of await imagesIn(given, pace)) files.push(each);
  }
  if (files.length > 0) return files;
  throw new AppError('folder-no-images', message('folders.noImageIn', { paths: paths.map(named) }), {
    where: paths.join(', '),
  });
}

function named(given: string): string | Message {
  return pathKind(given) === 'run' ? message('folders.thisIsARun', { path: given }) : given;
}

async function imagesIn(folder: string, pace: Pace): Promise<Listed[]> {
  const listed = await listImages(folder, pace).catch((cause: unknown) => {
    if (cause instanceof AppError && cause.code === 'interrupted') throw cause;
    throw new AppError('folder-not-readable', message('folders.unlistable', { path: folder }), {
      where: folder,
      cause,
    });
  });
  return listed.map(({ file, problem }) => ({ file: path.join(folder, file), problem }));
}
