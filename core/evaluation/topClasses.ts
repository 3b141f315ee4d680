import { must } from '../diagnostics/invariantError.ts';
import { classProbabilities, decidedClass } from '../export/readout.ts';
import type { Readout } from '../losses/definition.ts';
import { scoreImages, type ImageScores } from './imageScores.ts';
import type { LogitRows, Tick } from './logitRows.ts';

/** The most probable classes of each image, the most probable first: `[N, k]` each. */
export interface TopClasses {
  /** Classes of each image: the wanted number, or all where there are fewer. */
  readonly k: number;
  readonly classes: Uint32Array;
  readonly probabilities: Float64Array;
  /** Logits of these classes; a single logit that distinguishes two classes is that of both. */
  readonly logits: Float64Array;
}

/** The scores of all images, and their `most` classes with the largest logits, in one reading. */
export async function scoreWithTop(
  rows: LogitRows,
  { classes, most, tick }: { readonly classes: number; readonly most: number; readonly tick: Tick },
): Promise<{ readonly scores: ImageScores; readonly top: TopClasses }> {
  const k = Math.min(most, classes);
  const top = {
    k,
    classes: new Uint32Array(rows.count * k),
    probabilities: new Float64Array(rows.count * k),
    logits: new Float64Array(rows.count * k),
  };
  const order = new Uint32Array(k);
  const scores = await scoreImages(rows, classes, tick, (logits, image, confidence) => {
    largest(logits, order);
    top.classes.set(order, image * k);
    top.probabilities.set(probabilitiesOf(rows.readout, logits, { order, confidence }), image * k);
    order.forEach((one, place) => (top.logits[image * k + place] = logitOf(logits, one)));
  });
  return { scores, top };
}

/**
 * Fills `order` with the classes of the largest logits, the largest first, among equal ones the first class first; one
 * that is not a number counts as the smallest.
 */
function largest(logits: Float64Array, order: Uint32Array): void {
  if (logits.length === 1) {
    const decided = decidedClass(logits);
    return order.set([decided, 1 - decided].slice(0, order.length));
  }
  let filled = 0;
  for (let k = 0; k < logits.length; k += 1) {
    const value = sizeOf(logits, k);
    let at = filled;
    while (at > 0 && value > sizeOf(logits, order[at - 1] ?? 0)) at -= 1;
    if (at >= order.length) continue;
    filled = Math.min(filled + 1, order.length);
    order.copyWithin(at + 1, at, filled - 1);
    order[at] = k;
  }
}

function logitOf(logits: Float64Array, k: number): number {
  return logits[logits.length === 1 ? 0 : k] ?? NaN;
}

function sizeOf(logits: Float64Array, k: number): number {
  const value = logits[k] ?? NaN;
  return Number.isNaN(value) ? -Infinity : value;
}

/** Probabilities of the classes `order`; the first is `confidence`. */
function probabilitiesOf(
  readout: Readout,
  logits: Float64Array,
  { order, confidence }: { readonly order: Uint32Array; readonly confidence: number },
): readonly number[] {
  if (logits.length === 1) {
    const both = classProbabilities(readout, logits);
    return Array.from(order, (k) => must(both[k], 'probability'));
  }
  const own = Array.from(order, (k) => logits[k] ?? NaN);
  if (readout !== 'softmax') return classProbabilities(readout, own);
  return own.map((value) => Math.exp(value - (own[0] ?? NaN)) * confidence);
}
