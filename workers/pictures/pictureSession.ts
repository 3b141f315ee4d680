import { createHash } from 'node:crypto';
import path from 'node:path';
import { TRIED_STATISTICS, type TriedStatistics } from '#core/contract/pictureCalls.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { measuresBatch } from '#core/export/batchNormFacts.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { message } from '#core/words/message.ts';
import { withGivenBytes, withImageBytes } from '../data/decode/decodeImage.ts';
import type { InferenceOptions } from '../inference/inference.ts';
import { loadMeasuredModel, loadMeasuredRun } from '../inference/measuredModel.ts';
import { recalibrateModel } from '../inference/recalibrateModel.ts';
import type { WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import type { TaskContext } from '../threads/progress.ts';
import { answerInBatches, type Answers } from './batchAnswers.ts';
import { openLook, type Look } from './lookSession.ts';
import { readPicture, type PictureImage } from './pictureImage.ts';
import { TrainingImages } from './trainingImages.ts';
import { statisticsIn, TriedNetwork } from './triedNetwork.ts';

export interface PictureSessionOptions extends InferenceOptions {
  readonly run: string;
  /** The last checkpoint by default. */
  readonly checkpoint?: CheckpointChoice;
  /** Which of the run's weights; the averages by default, where it keeps them. */
  readonly weights?: WeightsChoice;
  readonly cacheFolder?: string;
}

/** Where a picture comes from. `bytes`: those of an image file; `name` stands for its path in messages. */
export type PictureSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Buffer };

/** A picture as it is shown. */
export interface ShownPicture extends PictureImage {
  /** The same for equal pixels. */
  readonly pictureId: string;
  readonly name: string;
  /** The normalized picture, `[C, H, W]`, as the first layer reads it. */
  readonly tensor: Float32Array;
}

export interface ClassifyAsked {
  readonly pictureId: string;
  readonly statistics: TriedStatistics;
  /** Number of other images in a batch (`kind`, `random`). */
  readonly companions: number;
  /** Number of batches (`random`). */
  readonly batches: number;
}

/** Number of pictures that a session keeps; the least recently used one goes first. */
const MOST_PICTURES = 32;

/**
 * Opens the network of a run for single pictures; the run is only read. Throws `AppError`: those of `loadMeasuredRun`,
 * and where the backend cannot compute the network.
 */
export async function openPictureSession(options: PictureSessionOptions): Promise<PictureSession> {
  const { model, manifest } = await loadMeasuredRun(options.run, options.weights, options);
  return new PictureSession(model, manifest.data.trainFolder !== null, options);
}

/** A network on which pictures are tried. `close` frees it. */
export class PictureSession {
  readonly model: TrainedModel;
  readonly network: TriedNetwork;
  /** Whether a block measures batch statistics in training: without one, all answers are the same. */
  readonly hasBatchNorm: boolean;
  private readonly hasImages: boolean;
  private readonly options: PictureSessionOptions;
  private readonly images: TrainingImages;
  private opened: Look | null = null;
  private readonly pictures = new Map<string, Uint8Array>();
  /** Statistics other than the stored ones, once they are known. */
  private readonly known = new Map<TriedStatistics, FloatArray>();

  /** `hasImages`: the training images of the run are on this machine. */
  constructor(model: TrainedModel, hasImages: boolean, options: PictureSessionOptions) {
    this.model = model;
    this.hasImages = hasImages;
    this.options = options;
    this.network = new TriedNetwork(model, options);
    this.hasBatchNorm = model.graph.order.some(measuresBatch);
    this.images = new TrainingImages(options.run, options);
  }

  /** The statistics that can be asked for. */
  get statistics(): TriedStatistics[] {
    return TRIED_STATISTICS.filter((each) => this.hasImages || each === 'stored' || each === 'moving');
  }

  /** Decodes a picture as in training and keeps it. Throws `AppError('image-unreadable')`. */
  async show(source: PictureSource): Promise<ShownPicture> {
    const read = (bytes: Buffer): Promise<PictureImage> => readPicture(bytes, this.model.preprocessing);
    const image = await (source.kind === 'file'
      ? withImageBytes(source.path, read)
      : withGivenBytes(source.name, source.bytes, read));
    const name = source.kind === 'file' ? path.basename(source.path) : source.name;
    const pictureId = createHash('sha256').update(image.pixels).digest('hex').slice(0, 32);
    this.keep(pictureId, image.pixels);
    return { ...image, pictureId, name, tensor: this.network.normalize(image.pixels) };
  }

  /** The bytes of a picture, `[H, W, C]`. Throws `AppError('picture-gone')` where it is no longer kept. */
  pixelsOf(pictureId: string): Uint8Array {
    const pixels = this.pictures.get(pictureId);
    if (pixels === undefined) throw new AppError('picture-gone', message('pictures.pictureGone'));
    this.keep(pictureId, pixels);
    return pixels;
  }

  /**
   * Classifies a picture. Statistics that are not stored are measured once and kept by the session alone. Where no
   * block measures batches, all answers are that of the stored statistics. Throws `AppError`: 'picture-gone',
   * 'interrupted', those of `openRunPart` and of `answerInBatches`.
   */
  async classify(
    { pictureId, statistics, ...batches }: ClassifyAsked,
    context: TaskContext,
  ): Promise<Answers> {
    const pixels = this.pixelsOf(pictureId);
    const kept = this.network.storedStatistics;
    const stored = this.network.answer(pixels, kept);
    if (statistics === 'stored' || !this.hasBatchNorm) return same(stored, statistics, batches.batches);
    if (statistics === 'kind' || statistics === 'random') {
      if (!this.network.dependsOnBatch) return same(stored, statistics, batches.batches);
      const picture = { pixels, key: Number.parseInt(pictureId.slice(0, 8), 16), stored, statistics: kept };
      const asked = { ...batches, statistics };
      this.refuseWithoutImages();
      return this.images.use(context, (images) =>
        answerInBatches(this.network, picture, images, asked, context),
      );
    }
    const own = await (statistics === 'exact' ? this.exact(context) : this.moving());
    return { answers: [this.network.answer(pixels, own)], companions: 0 };
  }

  /** What the network looks at, with the stored statistics; opened when it is first asked for. */
  look(): Look {
    this.opened ??= openLook(this.model, this.options);
    return this.opened;
  }

  /** Frees everything once the tasks that use the images have ended. */
  async close(): Promise<void> {
    await this.images.close();
    this.network.close();
    this.opened?.close();
    this.pictures.clear();
  }

  private keep(pictureId: string, pixels: Uint8Array): void {
    this.pictures.delete(pictureId);
    this.pictures.set(pictureId, pixels);
    const [oldest] = this.pictures.keys();
    if (this.pictures.size > MOST_PICTURES && oldest !== undefined) this.pictures.delete(oldest);
  }

  private async moving(): Promise<FloatArray> {
    const { run, weights } = this.options;
    const asked = { ...this.options, statistics: 'moving' } as const;
    const known = this.known.get('moving');
    if (known !== undefined) return known;
    const model = await loadMeasuredModel(run, weights, asked);
    const moving = statisticsIn(model, model.state);
    this.known.set('moving', moving);
    return moving;
  }

  private async exact(context: TaskContext): Promise<FloatArray> {
    if (this.model.provenance.statistics === 'exact') return this.network.storedStatistics;
    this.refuseWithoutImages();
    return this.images.use(context, async (images) => {
      const known = this.known.get('exact');
      if (known !== undefined) return known;
      const { state } = await recalibrateModel(this.model, images, { ...this.options, ...context });
      const exact = statisticsIn(this.model, state);
      this.known.set('exact', exact);
      return exact;
    });
  }

  private refuseWithoutImages(): void {
    if (this.hasImages) return;
    const { run } = this.options;
    throw new AppError('folder-not-found', message('pictures.noImages'), { where: run });
  }
}

function same(answer: Answers['answers'][number], statistics: TriedStatistics, batches: number): Answers {
  const count = statistics === 'random' ? batches : 1;
  return { answers: new Array<typeof answer>(count).fill(answer), companions: 0 };
}
