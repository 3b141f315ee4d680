import type { PixelBatch } from '#core/training/batchSource.ts';
import type { DecodedStore } from '../cache/decodedStore.ts';

/** A reusable batch buffer in shared memory. */
interface Slot {
  images: Uint8Array;
  labels: Int32Array;
  /** Indices of the samples that it holds or is being filled with. */
  indices: Uint32Array;
  filled: Promise<void>;
}

/** Used to fill a batch. */
interface BatchFill {
  /** Looked up at each batch: a set may move from memory to its file. */
  readonly store: () => DecodedStore;
  readonly sampleBytes: number;
  /** Class of each sample. */
  readonly labels: Int32Array;
  /** Slot of each sample in the store. */
  readonly slotOf: Uint32Array;
}

/** A pair of batch buffers: one is lent to the reader while the other is prefetched. */
export class BatchSlots {
  private readonly fill: BatchFill;
  private readonly slots = [emptySlot(), emptySlot()] as const;
  private lent: 0 | 1 = 0;
  private isAhead = false;

  constructor(fill: BatchFill) {
    this.fill = fill;
  }

  /** Starts filling the buffer that is not lent. A second call before `read` is ignored. */
  prefetch(indices: Uint32Array): void {
    if (this.isAhead) return;
    this.isAhead = true;
    this.start(this.slots[this.lent === 0 ? 1 : 0], indices);
  }

  /**
   * Returns the batch of these samples, from the prefetched buffer when it holds them; takes back the batch lent
   * before.
   */
  async read(indices: Uint32Array): Promise<PixelBatch> {
    const index = this.lent === 0 ? 1 : 0;
    const slot = this.slots[index];
    const isReady = this.isAhead && sameNumbers(slot.indices, indices);
    if (!isReady) {
      await slot.filled.catch(() => undefined);
      this.start(slot, indices);
    }
    this.isAhead = false;
    this.lent = index;
    await slot.filled;
    const count = indices.length;
    return {
      images: slot.images.subarray(0, count * this.fill.sampleBytes),
      labels: slot.labels.subarray(0, count),
      count,
    };
  }

  private start(slot: Slot, indices: Uint32Array): void {
    const { sampleBytes, labels, slotOf, store } = this.fill;
    if (slot.labels.length < indices.length) growSlot(slot, indices.length, sampleBytes);
    slot.indices = indices.slice();
    indices.forEach((sample, at) => {
      slot.labels[at] = labels[sample] ?? 0;
    });
    const places = Uint32Array.from(indices, (sample) => slotOf[sample] ?? 0);
    slot.filled = store().gather(places, slot.images.subarray(0, indices.length * sampleBytes));
    // The reader of the batch gets the error; a prefetch that nobody reads must not end the process.
    slot.filled.catch(() => undefined);
  }
}

function emptySlot(): Slot {
  return {
    images: new Uint8Array(),
    labels: new Int32Array(),
    indices: new Uint32Array(),
    filled: Promise.resolve(),
  };
}

function growSlot(slot: Slot, count: number, sampleBytes: number): void {
  slot.images = new Uint8Array(new SharedArrayBuffer(count * sampleBytes));
  slot.labels = new Int32Array(new SharedArrayBuffer(count * 4));
}

function sameNumbers(a: Uint32Array, b: Uint32Array): boolean {
  return a.length === b.length && a.every((value, at) => value === b[at]);
}
