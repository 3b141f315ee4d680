import { classProbabilities, decidedClass } from '../export/readout.ts';
import type { FloatArray } from '../program/floatArray.ts';
import { logLossOf } from './imageScores.ts';
import type { LogitRows, Tick } from './logitRows.ts';
import type { PairedImages } from './pairImages.ts';

/** What one of two networks says about the common images, `[N]` each; classes are those of the first network. */
export interface SideScores {
  readonly decided: Int32Array;
  /** Probability of the class given, and of the true class, as predictions show them. */
  readonly confidence: Float64Array;
  readonly ownProbability: Float64Array;
  /** As `ImageScores.logLoss`. */
  readonly logLoss: Float64Array;
}

/** What two networks say about the images that both have seen. */
export interface PairScores {
  readonly count: number;
  readonly classes: number;
  /** True class of each image, `[N]`, a class of the first network. */
  readonly labels: Int32Array;
  readonly first: SideScores;
  readonly second: SideScores;
  /** |difference of the probabilities| of one class of one image: mean over images and classes, and maximum. */
  readonly meanGap: number;
  readonly largestGap: number;
  /** Images for which a logit of either network is not finite. */
  readonly notFinite: number;
}

/** Images whose logits are read at a time. */
const BLOCK_IMAGES = 256;

/** Reads the logits of all common images of both networks once. `classes`: the number of classes. */
export async function scorePair(
  rows: { readonly first: LogitRows; readonly second: LogitRows },
  pairs: PairedImages,
  classes: number,
  tick: Tick,
): Promise<PairScores> {
  const count = pairs.first.length;
  const labels = Int32Array.from(pairs.first, (image) => rows.first.labels[image] ?? -1);
  const [first, second] = [emptySide(count), emptySide(count)];
  const sums = { gap: 0, largest: 0, notFinite: 0 };
  const straight = Int32Array.from({ length: classes }, (_, k) => k);
  for (let start = 0; start < count; start += BLOCK_IMAGES) {
    const end = Math.min(count, start + BLOCK_IMAGES);
    const one = await readImages(rows.first, pairs.first.subarray(start, end));
    const other = await readImages(rows.second, pairs.second.subarray(start, end));
    for (let at = start; at < end; at += 1) {
      await tick(at, count);
      const label = labels[at] ?? -1;
      const a = scoreOne(first, at, label, { rows: rows.first, logits: one(at - start), classOf: straight });
      const b = scoreOne(second, at, label, {
        ...{ rows: rows.second, logits: other(at - start), classOf: pairs.classOf },
      });
      if (!(a.isFinite && b.isFinite)) sums.notFinite += 1;
      for (let k = 0; k < classes; k += 1) {
        const gap = Math.abs((a.probabilities[k] ?? NaN) - (b.probabilities[k] ?? NaN));
        sums.gap += gap;
        if (gap > sums.largest) sums.largest = gap;
      }
    }
  }
  const { gap, largest, notFinite } = sums;
  return {
    ...{ count, classes, labels, first, second },
    ...{ meanGap: gap / (count * classes), largestGap: largest, notFinite },
  };
}

function emptySide(count: number): SideScores {
  return {
    ...{ decided: new Int32Array(count), confidence: new Float64Array(count) },
    ...{ ownProbability: new Float64Array(count), logLoss: new Float64Array(count) },
  };
}

/** Reads the logits of some images: in one piece where they follow each other, else one by one. */
async function readImages(rows: LogitRows, images: Uint32Array): Promise<(at: number) => FloatArray> {
  const { width } = rows;
  const from = images[0] ?? 0;
  if (images.every((image, at) => image === from + at)) {
    const block = (await rows.read(from, from + images.length)).slice();
    return (at) => block.subarray(at * width, (at + 1) * width);
  }
  const block = new Float32Array(images.length * width);
  for (const [at, image] of images.entries()) block.set(await rows.read(image, image + 1), at * width);
  return (at) => block.subarray(at * width, (at + 1) * width);
}

/** Fills in one image of one network and returns its probabilities by class of the first network. */
function scoreOne(
  side: SideScores,
  at: number,
  label: number,
  { rows, logits, classOf }: { rows: LogitRows; logits: FloatArray; classOf: Int32Array },
): { readonly probabilities: Float64Array; readonly isFinite: boolean } {
  const values = Float64Array.from(logits);
  const decided = decidedClass(values);
  const own = classProbabilities(rows.readout, values);
  const probabilities = new Float64Array(classOf.length);
  own.forEach((probability, k) => {
    probabilities[classOf[k] ?? -1] = probability;
  });
  side.decided[at] = classOf[decided] ?? -1;
  side.confidence[at] = own[decided] ?? NaN;
  side.ownProbability[at] = probabilities[label] ?? NaN;
  side.logLoss[at] = logLossOf(rows.readout, values, classOf.indexOf(label));
  return { probabilities, isFinite: values.every(Number.isFinite) };
}
