import { Worker } from 'node:worker_threads';
import { AppError } from '#core/diagnostics/appError.ts';
import { message, type Message } from '#core/words/message.ts';
// Loaded here too: on Linux with glibc, sharp must be loaded in a thread that outlives the decoders.
import 'sharp';
import { IMAGE_LIMITS } from '../format/limits.ts';
import { throwIfAborted } from '../../threads/pace.ts';
import { TOO_SLOW } from '../format/unreadableImage.ts';
import {
  END_REQUEST,
  ITEM_STATE,
  type DecodeBatch,
  type DecodeItem,
  type DecodeReply,
  type DecodeRequest,
} from './decodeJob.ts';

/**
 * Number of files that a worker gets at a time: large enough to hide the message latency, small enough to balance the
 * load at the end.
 */
const ITEMS_PER_REQUEST = 16;
const WATCH_EVERY_MS = 500;
/**
 * A worker that is asked to end first completes its request, or its current file if the request was cancelled; one that
 * hangs is terminated after this time.
 */
const END_PATIENCE_MS = 5_000;
/** The pool gives up after this many consecutive deaths of workers that had not started a file. */
const MAX_FUTILE_STARTS = 3;

export interface DecodeFailure {
  readonly index: number;
  readonly reason: Message;
  /** True: the same file will fail again. */
  readonly isFinal: boolean;
}

export interface PoolOptions {
  /** Number of worker threads. */
  readonly decoders: number;
  /** Indices of the items to decode; all of them when absent. */
  readonly indices?: readonly number[];
  readonly signal?: AbortSignal | undefined;
  /** Called at intervals with the number of files finished. */
  readonly onProgress?: ((done: number) => void) | undefined;
  /** Timeout for one file, beyond sharp's own time limit. */
  readonly timeoutMs?: number;
  /** Entry file of the worker; set by tests. */
  readonly workerUrl?: URL;
}

interface Lane {
  worker: Worker;
  /** Items of the current request. */
  current: number[];
  lastProgressMs: number;
  lastState: string;
}

/**
 * Decodes the files of a batch in worker threads into its shared memory; returns the failed ones, by index. A file that
 * makes its worker hang or crash counts as failed, and a new worker continues with the rest. Throws `AppError`:
 * 'interrupted' when the signal is aborted, 'worker-died' when workers die without starting a file.
 */
export async function decodeBatch(
  batch: DecodeBatch,
  items: readonly DecodeItem[],
  options: PoolOptions,
): Promise<DecodeFailure[]> {
  throwIfAborted(options.signal);
  if ((options.indices ?? items).length === 0) return [];
  const run = new PoolRun(batch, items, options);
  return run.finish();
}

class PoolRun {
  private readonly batch: DecodeBatch;
  private readonly items: readonly DecodeItem[];
  private readonly options: PoolOptions;
  private readonly status: Int32Array;
  /** Nonzero when the images are no longer needed. */
  private readonly cancelled = new Int32Array(new SharedArrayBuffer(4));
  private readonly failures = new Map<number, DecodeFailure>();
  private readonly lanes = new Set<Lane>();
  /** Items to assign, in order, from `next` on; items returned by lost workers are assigned first. */
  private readonly queue: readonly number[];
  private readonly returned: number[] = [];
  private next = 0;
  private futileStarts = 0;
  private done = 0;
  private readonly ended: Promise<void>;
  private resolveEnded: () => void = () => undefined;
  private rejectEnded: (error: AppError) => void = () => undefined;

  constructor(batch: DecodeBatch, items: readonly DecodeItem[], options: PoolOptions) {
    this.batch = batch;
    this.items = items;
    this.options = options;
    this.status = new Int32Array(batch.status);
    this.queue = options.indices ?? [...items.keys()];
    this.ended = new Promise((resolve, reject) => {
      this.resolveEnded = resolve;
      this.rejectEnded = reject;
    });
  }

  async finish(): Promise<DecodeFailure[]> {
    const abort = (): void => {
      Atomics.store(this.cancelled, 0, 1);
      this.rejectEnded(new AppError('interrupted', message('folders.decodingCancelled')));
    };
    this.options.signal?.addEventListener('abort', abort, { once: true });
    const watch = setInterval(() => this.look(), WATCH_EVERY_MS);
    try {
      const lanes = Math.min(this.options.decoders, Math.ceil(this.queue.length / ITEMS_PER_REQUEST));
      for (let lane = 0; lane < Math.max(1, lanes); lane++) this.startLane();
      await this.ended;
    } finally {
      clearInterval(watch);
      this.options.signal?.removeEventListener('abort', abort);
      await Promise.all([...this.lanes].map((lane) => this.stopLane(lane)));
    }
    return [...this.failures.values()].sort((a, b) => a.index - b.index);
  }

  private startLane(): void {
    const worker = new Worker(this.options.workerUrl ?? new URL('./decodeWorker.ts', import.meta.url));
    const lane: Lane = { worker, current: [], lastProgressMs: performance.now(), lastState: '' };
    this.lanes.add(lane);
    worker.on('message', (reply: DecodeReply) => this.receive(lane, reply));
    worker.on('error', (error: unknown) => this.lose(lane, error));
    worker.on('exit', () => this.lose(lane, new Error('the decoder ended')));
    this.feed(lane);
  }

  private feed(lane: Lane): void {
    lane.current = this.takeItems();
    lane.lastProgressMs = performance.now();
    if (lane.current.length === 0) return this.retire(lane);
    const items = lane.current.flatMap((index) => {
      const item = this.items[index];
      return item === undefined ? [] : [{ index, item }];
    });
    const cancelled = this.cancelled.buffer;
    lane.worker.postMessage({ batch: this.batch, items, cancelled } satisfies DecodeRequest);
  }

  private takeItems(): number[] {
    if (this.returned.length > 0) return this.returned.splice(0, ITEMS_PER_REQUEST);
    const taken = this.queue.slice(this.next, this.next + ITEMS_PER_REQUEST);
    this.next += taken.length;
    return taken;
  }

  private receive(lane: Lane, reply: DecodeReply): void {
    if (!this.lanes.has(lane)) return;
    if (reply.kind === 'failed') this.failures.set(reply.index, reply);
    else {
      this.futileStarts = 0;
      this.addDone(lane.current.length);
      this.feed(lane);
    }
  }

  private retire(lane: Lane): void {
    void this.stopLane(lane);
    if (this.lanes.size === 0) this.resolveEnded();
  }

  private async stopLane(lane: Lane): Promise<void> {
    this.lanes.delete(lane);
    const gone = new Promise((resolve) => lane.worker.once('exit', resolve));
    lane.worker.postMessage(END_REQUEST);
    const cutOff = setTimeout(() => void lane.worker.terminate(), END_PATIENCE_MS);
    await gone;
    clearTimeout(cutOff);
  }

  /** A worker died or was terminated: mark its current file as failed, requeue the others, and start a new worker. */
  private lose(lane: Lane, cause: unknown, reason = message('images.crashed')): void {
    if (!this.lanes.delete(lane)) return;
    const begun = lane.current.filter((index) => this.stateOf(index) === ITEM_STATE.started);
    for (const index of begun) this.failures.set(index, { index, reason, isFinal: false });
    const waiting = lane.current.filter((index) => this.stateOf(index) === ITEM_STATE.waiting);
    for (const index of waiting) this.returned.push(index);
    this.addDone(lane.current.length - waiting.length);
    for (const index of begun) Atomics.store(this.status, index, ITEM_STATE.failed);
    if (begun.length === 0 && ++this.futileStarts > MAX_FUTILE_STARTS) {
      return this.rejectEnded(new AppError('worker-died', message('folders.decodersFail'), { cause }));
    }
    this.startLane();
  }

  /** Watches for a file on which a worker makes no progress. */
  private look(): void {
    const now = performance.now();
    const patience = this.options.timeoutMs ?? IMAGE_LIMITS.decodeTimeoutMs * 1.5;
    for (const lane of [...this.lanes]) {
      const state = lane.current.map((index) => this.stateOf(index)).join('');
      if (state !== lane.lastState) {
        lane.lastState = state;
        lane.lastProgressMs = now;
      } else if (now - lane.lastProgressMs > patience) this.giveUp(lane);
    }
  }

  private giveUp(lane: Lane): void {
    this.lose(lane, new Error('no headway'), TOO_SLOW);
    void lane.worker.terminate();
  }

  private addDone(count: number): void {
    this.done += count;
    this.options.onProgress?.(this.done);
  }

  private stateOf(index: number): number {
    return Atomics.load(this.status, index);
  }
}
