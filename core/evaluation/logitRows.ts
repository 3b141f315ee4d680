import type { FloatArray } from '../program/floatArray.ts';
import type { Readout } from '../losses/definition.ts';

/** Called inside long loops with the work done and the whole work; awaited, so that the caller can yield or stop. */
export type Tick = (done: number, total: number) => Promise<void> | undefined;

/** The outputs of a network on labelled images, in memory or on the disk. */
export interface LogitRows {
  readonly count: number;
  /** Logits of one image: the number of classes, or 1 where a single logit distinguishes two classes. */
  readonly width: number;
  /** True class of each image, `[count]`. */
  readonly labels: Int32Array;
  readonly readout: Readout;
  /** Logits of the images from `start` to `end - 1`, `[end - start, width]`; valid until the next call. */
  read(start: number, end: number): Promise<FloatArray>;
}

/** Rows that are in memory: `logits` is `[labels.length, width]`. */
export function rowsInMemory(
  logits: FloatArray,
  labels: Int32Array,
  { width, readout }: Pick<LogitRows, 'width' | 'readout'>,
): LogitRows {
  const read: LogitRows['read'] = (start, end) =>
    Promise.resolve(logits.subarray(start * width, end * width));
  return { count: labels.length, width, labels, readout, read };
}

/** Numbers of one block that is read at a time: 256 KiB in float32. */
const BLOCK_NUMBERS = 65_536;

/** Calls `each` with the logits of every image, valid until it returns, and its label, in order. */
export async function forEachRow(
  rows: LogitRows,
  each: (logits: Float64Array, label: number, image: number) => void,
  tick: Tick,
): Promise<void> {
  const { count, width, labels } = rows;
  const logits = new Float64Array(width);
  const step = Math.max(1, Math.floor(BLOCK_NUMBERS / width));
  for (let start = 0; start < count; start += step) {
    await tick(start, count);
    const end = Math.min(count, start + step);
    const block = await rows.read(start, end);
    for (let image = start; image < end; image += 1) {
      const from = (image - start) * width;
      logits.set(block.subarray(from, from + width));
      each(logits, labels[image] ?? -1, image);
    }
  }
}
