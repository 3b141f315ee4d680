import { Worker } from 'node:worker_threads';
import { activeTransforms, type Augmentation } from '#core/augment/augmentation.ts';
import { AppError, fromErrorData } from '#core/diagnostics/appError.ts';
import type { BatchSource, PixelBatch } from '#core/training/batchSource.ts';
import { message } from '#core/words/message.ts';
import type { ImageSet } from '../imageSet/imageSet.ts';
import type { AugmentReply, AugmentRequest, AugmentSetup } from './augmentJob.ts';

export interface AugmentedSource extends BatchSource {
  read(indices: Uint32Array, epoch?: number): Promise<PixelBatch>;
  /** Ends the thread; the set stays open. */
  close(): Promise<void>;
}

interface AugmentedSourceOptions {
  readonly augmentation: Augmentation | undefined;
  /** Of the run. */
  readonly seed: number;
  /** Of the training images, per channel in byte units. */
  readonly mean: readonly number[];
  /** Entry file of the thread; set by tests. */
  readonly workerUrl?: URL;
}

/**
 * The set as training reads it. Batches read with an epoch are augmented in a thread of their own, ahead of time if
 * they were prefetched; batches read without an epoch are the plain images. The result does not depend on what was
 * prefetched. `read` throws `AppError`: 'io' when the cache can no longer be read, 'worker-died'.
 */
export function openAugmentedSource(set: ImageSet, options: AugmentedSourceOptions): AugmentedSource {
  if (activeTransforms(options.augmentation).length === 0) return plainSource(set);
  const thread = new AugmentThread(set, options);
  return {
    size: set.size,
    labels: set.labels,
    files: set.files,
    read: (indices, epoch) => (epoch === undefined ? set.read(indices) : thread.read(indices, epoch)),
    prefetch: (indices, epoch) =>
      epoch === undefined ? set.prefetch(indices) : thread.prefetch(indices, epoch),
    close: () => thread.close(),
  };
}

/** Training without augmentation reads the shared decoded images. */
function plainSource({ size, labels, files, read, prefetch }: ImageSet): AugmentedSource {
  return { size, labels, files, read, prefetch, close: () => Promise.resolve() };
}

/** One of two batch buffers in shared memory: one is lent to the reader while the other is filled. */
interface Place {
  images: SharedArrayBuffer;
  labels: SharedArrayBuffer;
  mix: AugmentRequest['mix'];
  indices: Uint32Array;
  epoch: number;
  /** Number of the request that fills it; 0 before the first. */
  ticket: number;
}

class AugmentThread {
  private readonly sampleBytes: number;
  private readonly isMixing: boolean;
  private readonly worker: Worker;
  private readonly finished = new Int32Array(new SharedArrayBuffer(8));
  private readonly places = [emptyPlace(), emptyPlace()] as const;
  private lent: 0 | 1 = 0;
  private lastTicket = 0;
  private isAhead = false;
  private failure: AppError | null = null;
  private wake: () => void = () => undefined;

  constructor(set: ImageSet, { augmentation, seed, mean, workerUrl }: AugmentedSourceOptions) {
    this.isMixing = augmentation?.mixup !== undefined || augmentation?.cutmix !== undefined;
    const { height, width, channels } = set.target;
    this.sampleBytes = height * width * channels;
    const setup: AugmentSetup = {
      augmenter: { augmentation: augmentation ?? { border: 'black' }, seed, mean, height, width, channels },
      pictures: set.pictures(),
      labels: set.labels,
      finished: this.finished.buffer,
    };
    this.worker = new Worker(workerUrl ?? new URL('./augmentWorker.ts', import.meta.url), {
      workerData: setup,
    });
    this.worker.on('message', (reply: AugmentReply) => this.receive(reply));
    this.worker.on('error', (cause) => this.fail(died(cause)));
    this.worker.on('exit', () => this.fail(died(new Error('the thread ended'))));
  }

  /** Starts filling the buffer that is not lent. A second call before `read` is ignored. */
  prefetch(indices: Uint32Array, epoch: number): void {
    if (this.isAhead) return;
    this.isAhead = true;
    this.start(indices, epoch);
  }

  async read(indices: Uint32Array, epoch: number): Promise<PixelBatch> {
    const place = this.places[this.free()];
    const isReady = this.isAhead && place.epoch === epoch && sameNumbers(place.indices, indices);
    // Requests are served in order, so a buffer that is still being filled for a discarded request is simply filled
    // again afterwards.
    if (!isReady) this.start(indices, epoch);
    this.isAhead = false;
    this.lent = this.free();
    while (Atomics.load(this.finished, this.lent) !== place.ticket) {
      if (this.failure !== null) throw this.failure;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
    const count = indices.length;
    return {
      images: new Uint8Array(place.images, 0, count * this.sampleBytes),
      labels: new Int32Array(place.labels, 0, count),
      count,
      ...(place.mix === null
        ? {}
        : {
            mix: {
              labels: new Int32Array(place.mix.labels, 0, count),
              shares: new Float32Array(place.mix.shares, 0, count),
            },
          }),
    };
  }

  async close(): Promise<void> {
    this.worker.removeAllListeners('exit');
    await this.worker.terminate();
  }

  private free(): 0 | 1 {
    return this.lent === 0 ? 1 : 0;
  }

  private start(indices: Uint32Array, epoch: number): void {
    const at = this.free();
    const place = this.places[at];
    if (place.labels.byteLength < indices.length * 4)
      growPlace(place, indices.length, this.sampleBytes, this.isMixing);
    place.indices = indices.slice();
    place.epoch = epoch;
    place.ticket = this.lastTicket += 1;
    const { ticket, images, labels, mix } = place;
    this.worker.postMessage({
      ticket,
      place: at,
      indices: place.indices,
      epoch,
      images,
      labels,
      mix,
    } satisfies AugmentRequest);
  }

  private receive(reply: AugmentReply): void {
    if (reply.kind === 'failed') this.fail(fromErrorData(reply.error));
    else this.wake();
  }

  private fail(failure: AppError): void {
    this.failure ??= failure;
    this.wake();
  }
}

function died(cause: unknown): AppError {
  return new AppError('worker-died', message('runs.augmentingDied'), { cause });
}

function emptyPlace(): Place {
  return {
    images: new SharedArrayBuffer(0),
    labels: new SharedArrayBuffer(0),
    mix: null,
    indices: new Uint32Array(),
    epoch: -1,
    ticket: 0,
  };
}

function growPlace(place: Place, count: number, sampleBytes: number, isMixing: boolean): void {
  place.images = new SharedArrayBuffer(count * sampleBytes);
  place.labels = new SharedArrayBuffer(count * 4);
  if (isMixing)
    place.mix = { labels: new SharedArrayBuffer(count * 4), shares: new SharedArrayBuffer(count * 4) };
}

function sameNumbers(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
