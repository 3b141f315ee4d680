import { readFileSync } from 'node:fs';
import path from 'node:path';

/*
 * For tests: the figures of an evaluation by the plainest computation, from the stored logits alone. It shares no code
 * with the product, and reads the file with Node only.
 */

/** What is in `logits.safetensors`. */
export interface StoredOutputs {
  readonly logits: readonly (readonly number[])[];
  readonly labels: readonly number[];
  readonly files: readonly string[];
}

/** Reads the tensors of the file by the description of the format. */
export function storedOutputs(folder: string): StoredOutputs {
  const bytes = readFileSync(path.join(folder, 'logits.safetensors'));
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + length)) as Record<
    string,
    { data_offsets: [number, number]; shape: number[] }
  >;
  const part = (name: string): Buffer => {
    const [from, to] = header[name]?.data_offsets ?? [0, 0];
    return bytes.subarray(8 + length + from, 8 + length + to);
  };
  const [count = 0, width = 0] = header['logits']?.shape ?? [];
  const [values, labels] = [part('logits'), part('labels')];
  return {
    logits: Array.from({ length: count }, (_, i) =>
      Array.from({ length: width }, (_unused, k) => values.readFloatLE(4 * (i * width + k))),
    ),
    labels: Array.from({ length: count }, (_, i) => labels.readInt32LE(4 * i)),
    files: JSON.parse(part('files').toString('utf8')) as string[],
  };
}

/** What the screen shows of one image. */
export interface PlainImage {
  readonly file: string;
  readonly truth: number;
  readonly decided: number;
  readonly confidence: number;
  readonly logLoss: number;
  readonly rank: number;
  readonly top: readonly { readonly class: number; readonly probability: number; readonly logit: number }[];
}

/** Every image of softmax outputs, or of single logits. */
export function plainImages({ logits, labels, files }: StoredOutputs): PlainImage[] {
  return logits.map((row, i) => {
    const truth = labels[i] ?? -1;
    // A single logit is the preference for the second of two classes.
    const both = row.length === 1 ? [0, row[0] ?? NaN] : row;
    const sum = both.reduce((total, value) => total + Math.exp(value), 0);
    const ranked = both
      .map((value, k) => ({ class: k, value, probability: Math.exp(value) / sum }))
      .sort((a, b) => b.value - a.value || a.class - b.class);
    const own = ranked.find((each) => each.class === truth);
    return {
      ...{ file: files[i] ?? '', truth, decided: ranked[0]?.class ?? -1 },
      ...{ confidence: ranked[0]?.probability ?? NaN, logLoss: -Math.log(own?.probability ?? NaN) },
      rank: ranked.findIndex((each) => each.class === truth),
      top: ranked.slice(0, 5).map((each) => ({
        ...{ class: each.class, probability: each.probability },
        logit: row.length === 1 ? (row[0] ?? NaN) : each.value,
      })),
    };
  });
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** `[classes, classes]`: row true class, column class given. */
export function plainConfusion(images: readonly PlainImage[], classes: number): number[][] {
  return Array.from({ length: classes }, (_, row) =>
    Array.from(
      { length: classes },
      (_unused, column) => images.filter((each) => each.truth === row && each.decided === column).length,
    ),
  );
}

/** Precision, recall and F1 of each class; null for 0 / 0. */
export function plainRates(
  confusion: readonly (readonly number[])[],
): { support: number; given: number; precision: number | null; recall: number | null; f1: number | null }[] {
  return confusion.map((row, k) => {
    const correct = row[k] ?? 0;
    const support = row.reduce((sum, cell) => sum + cell, 0);
    const given = confusion.reduce((sum, each) => sum + (each[k] ?? 0), 0);
    return {
      ...{ support, given },
      precision: given === 0 ? null : correct / given,
      recall: support === 0 ? null : correct / support,
      f1: support + given === 0 ? null : (2 * correct) / (support + given),
    };
  });
}

/** Wilson's interval of 95 % of a share. */
export function plainWilson(hits: number, count: number): { low: number; high: number } {
  const z = 1.959963984540054;
  const share = hits / count;
  const centre = (share + (z * z) / (2 * count)) / (1 + (z * z) / count);
  const reach =
    (z / (1 + (z * z) / count)) * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  return { low: centre - reach, high: centre + reach };
}

/** Expected and maximum calibration error in 15 bins of equal width, each without its lower bound. */
export function plainCalibration(images: readonly PlainImage[]): { expected: number; maximum: number } {
  const gaps = Array.from({ length: 15 }, (_, bin) => {
    const inside = images.filter(
      ({ confidence }) => confidence > bin / 15 && (confidence <= (bin + 1) / 15 || bin === 14),
    );
    const right = inside.map((each) => (each.truth === each.decided ? 1 : 0));
    const gap = inside.length === 0 ? 0 : Math.abs(mean(right) - mean(inside.map((each) => each.confidence)));
    return { gap, share: inside.length / images.length };
  });
  return {
    expected: gaps.reduce((sum, { gap, share }) => sum + gap * share, 0),
    maximum: Math.max(...gaps.map(({ gap }) => gap)),
  };
}

/** Share of the pairs of images, one of each class, in which that of the second is preferred; a tie counts half. */
export function plainRocAuc({ logits, labels }: StoredOutputs): number {
  const preference = logits.map(([first = NaN, second]) => (second === undefined ? first : second - first));
  const of = (label: number): number[] => preference.filter((_, i) => labels[i] === label);
  const negative = of(0);
  return mean(of(1).map((a) => mean(negative.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))));
}

/** Mean log loss of softmax outputs, or single logits, divided by a temperature. */
export function plainLossAt({ logits, labels }: StoredOutputs, temperature: number): number {
  return mean(
    logits.map((row, i) => {
      const both = (row.length === 1 ? [0, row[0] ?? NaN] : row).map((value) => value / temperature);
      const highest = Math.max(...both);
      const sum = both.reduce((total, value) => total + Math.exp(value - highest), 0);
      return Math.log(sum) + highest - (both[labels[i] ?? -1] ?? NaN);
    }),
  );
}

export { mean as plainMean };
