import type { LabelledProbabilities } from './labelledProbabilities.ts';
import type { Tick } from './logitRows.ts';

/** An image whose label is likely wrong. */
export interface DoubtfulLabel {
  /** Its number among the images. */
  readonly image: number;
  readonly label: number;
  /** The class that it likely belongs to. */
  readonly suggested: number;
  /** Probability of the suggested class, and of the label. */
  readonly probability: number;
  readonly labelProbability: number;
  /**
   * Probability of the label minus the largest of the other classes: from -1, the most doubtful, to 0. The normalized
   * margin of Northcutt et al.
   */
  readonly margin: number;
}

export interface DoubtfulLabels {
  /** The most doubtful first; equal ones in the order of the images. */
  readonly images: readonly DoubtfulLabel[];
  /** Mean probability of each class over the images labelled with it; infinite for a class without images. */
  readonly thresholds: Float64Array;
}

/**
 * Confident learning (Northcutt, Jiang and Chuang 2021, arXiv 1911.00068, section 3.1): the threshold of class j is its
 * mean probability over the images labelled j. An image is counted for the most probable class among those whose
 * threshold its probabilities reach; its label is doubtful where that is another class than the label and more probable
 * than it. Images are ranked by the normalized margin. The probabilities should come from networks that did not train
 * on the images. Reads them twice.
 */
export async function findDoubtfulLabels(images: LabelledProbabilities, tick: Tick): Promise<DoubtfulLabels> {
  const thresholds = await confidentThresholds(images, tick);
  const found: DoubtfulLabel[] = [];
  await forEachImage(images, tick, (row, label, image) => {
    const suggested = confidentClass(row, thresholds);
    const labelProbability = row[label] ?? NaN;
    const probability = row[suggested] ?? NaN;
    if (suggested < 0 || suggested === label || !(probability > labelProbability)) return;
    const margin = labelProbability - largestBut(row, label);
    found.push({ image, label, suggested, probability, labelProbability, margin });
  });
  return { images: found.sort((a, b) => a.margin - b.margin || a.image - b.image), thresholds };
}

async function confidentThresholds(images: LabelledProbabilities, tick: Tick): Promise<Float64Array> {
  const sums = new Float64Array(images.classes);
  const counts = new Uint32Array(images.classes);
  await forEachImage(images, tick, (row, label) => {
    sums[label] = (sums[label] ?? 0) + (row[label] ?? NaN);
    counts[label] = (counts[label] ?? 0) + 1;
  });
  return sums.map((sum, k) => (counts[k] === 0 ? Infinity : sum / (counts[k] ?? NaN)));
}

/** The most probable class among those that reach their threshold; -1 where none does. */
function confidentClass(row: Float64Array, thresholds: Float64Array): number {
  let best = -1;
  for (let k = 0; k < row.length; k += 1) {
    const value = row[k] ?? NaN;
    if (value >= (thresholds[k] ?? Infinity) && (best < 0 || value > (row[best] ?? NaN))) best = k;
  }
  return best;
}

function largestBut(row: Float64Array, label: number): number {
  let largest = -Infinity;
  for (let k = 0; k < row.length; k += 1) if (k !== label) largest = Math.max(largest, row[k] ?? NaN);
  return largest;
}

/** Numbers of one block that is read at a time. */
const BLOCK_NUMBERS = 65_536;

async function forEachImage(
  { count, classes, labels, read }: LabelledProbabilities,
  tick: Tick,
  each: (row: Float64Array, label: number, image: number) => void,
): Promise<void> {
  const step = Math.max(1, Math.floor(BLOCK_NUMBERS / classes));
  for (let start = 0; start < count; start += step) {
    await tick(start, count);
    const end = Math.min(count, start + step);
    const block = await read(start, end);
    for (let image = start; image < end; image += 1) {
      const from = (image - start) * classes;
      each(block.subarray(from, from + classes), labels[image] ?? -1, image);
    }
  }
}
