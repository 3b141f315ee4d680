import { referenceBackend } from '#core/backend/reference/referenceBackend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { message } from '#core/words/message.ts';
import type { Pace } from '../../threads/pace.ts';
import type { OnProgress } from '../../threads/progress.ts';
import { backendLogits, type EachPiece } from './backendLogits.ts';
import { compareLogits, largestDifference, scaleOf, type Agreement } from './compare.ts';
import type { Samples } from './samples.ts';

/** Number of samples computed in float64, those with the largest differences: the reference backend is slow. */
const LOOKED_AT = 4;
/** Safety factor: engines round in different orders, so the errors of two engines may differ by some times. */
const SAFETY = 4;
/**
 * The backend's own error counts as rounding up to so many times the effect of rounding every value once: sums have
 * many terms.
 */
const TERMS = 32;
/** Unit roundoff of float32. */
const ROUNDOFF = 2 ** -24;
/** Beyond this share of the largest logit a comparison could no longer distinguish a correct file from a wrong one. */
const HOPELESS = 0.1;

/** Logits `[count, values per sample]` of one network on the same samples. */
interface BothLogits {
  /** By the backend. */
  readonly own: Float64Array;
  /** By the reader of the file. */
  readonly read: Float64Array;
}

/**
 * Decides whether the logits of a file are those of the network. Two float32 engines agree to `RELATIVE_TOLERANCE`,
 * except for networks that amplify rounding, such as a BatchNorm whose input has a mean thousands of times its
 * deviation. Where they disagree, the samples with the largest differences are also computed in float64. Changing every
 * value by one float32 rounding shows how much this network amplifies rounding, and so how large the errors of both
 * engines may be. Throws `AppError('export-differs')` naming `where`.
 */
export async function requireAgreement(
  model: TrainedModel,
  samples: Samples,
  logits: BothLogits,
  where: string,
  { onProgress, pace }: { readonly onProgress?: OnProgress; readonly pace?: Pace } = {},
): Promise<Agreement> {
  const agreement = compareLogits(logits.own, logits.read, samples.count);
  // Written so that NaN fails too.
  if (agreement.maxAbsDiff <= agreement.tolerance) return agreement;
  const figures = { ...agreement, images: samples.count };
  if (Number.isNaN(agreement.maxAbsDiff)) throw differs(where, figures);
  let done = 0;
  const { moved, ownError, readError } = await againstFloat64(model, samples, logits, async () => {
    onProgress?.(message('work.comparingFloat64'), (done += 1), 3 * Math.min(LOOKED_AT, samples.count));
    await pace?.settle();
  });
  const rounding = Math.max(moved, Math.min(ownError, TERMS * moved));
  const tolerance = Math.max(agreement.tolerance, SAFETY * rounding);
  if (tolerance > HOPELESS * scaleOf(logits.own)) throw hopeless(where, rounding, scaleOf(logits.own));
  const error = Math.max(ownError, readError);
  if (error <= tolerance) return { ...agreement, tolerance, rounding };
  throw differs(where, { ...figures, maxAbsDiff: error, tolerance });
}

/**
 * For the samples with the largest differences: the effect on the logits of rounding every value, and the distance of
 * both sides from float64.
 */
async function againstFloat64(
  model: TrainedModel,
  samples: Samples,
  { own, read }: BothLogits,
  each: EachPiece,
): Promise<{ moved: number; ownError: number; readError: number }> {
  const width = own.length / samples.count;
  const chosen = farthestRows(own, read, samples.count);
  const rowsOf = (logits: Float64Array): Float64Array =>
    Float64Array.from(chosen.flatMap((n) => [...logits.subarray(n * width, (n + 1) * width)]));
  const compute = async (network: TrainedModel): Promise<Float64Array> => {
    const rows: number[] = [];
    for (const n of chosen)
      rows.push(...(await backendLogits(referenceBackend, network, pick(samples, n), each)));
    return Float64Array.from(rows);
  };
  const exact = await compute(model);
  const moved = [await compute(rounded(model, 1)), await compute(rounded(model, 2))];
  return {
    moved: Math.max(...moved.map((logits) => largestDifference(exact, logits))),
    ownError: largestDifference(exact, rowsOf(own)),
    readError: largestDifference(exact, rowsOf(read)),
  };
}

function farthestRows(own: Float64Array, read: Float64Array, count: number): number[] {
  const width = own.length / count;
  const differences = Array.from({ length: count }, (_, n) =>
    largestDifference(own.subarray(n * width, (n + 1) * width), read.subarray(n * width, (n + 1) * width)),
  );
  const rows = [...differences.keys()].sort((a, b) => (differences[b] ?? 0) - (differences[a] ?? 0));
  return rows.slice(0, LOOKED_AT);
}

function pick(samples: Samples, n: number): Samples {
  const perSample = samples.height * samples.width * samples.channels;
  return { ...samples, count: 1, bytes: samples.bytes.subarray(n * perSample, (n + 1) * perSample) };
}

/** The network with every value changed by one float32 rounding, up or down (Marsaglia's xorshift32). */
function rounded(model: TrainedModel, seed: number): TrainedModel {
  let word = Math.imul(seed, 0x9e37_79b9);
  const state = Float64Array.from(model.state, (value) => {
    word ^= word << 13;
    word ^= word >>> 17;
    word ^= word << 5;
    return value * (1 + ((word & 1) === 0 ? ROUNDOFF : -ROUNDOFF));
  });
  return { ...model, state };
}

function differs(
  where: string,
  { maxAbsDiff, maxRelDiff, tolerance, top1Agreement, images }: Agreement & { readonly images: number },
): AppError {
  const values = {
    file: where,
    difference: maxAbsDiff.toExponential(1),
    tolerance: tolerance.toExponential(1),
  };
  const detail = message('exporting.differsMore', {
    relative: maxRelDiff.toExponential(1),
    top1: `${(100 * top1Agreement).toFixed(1)} %`,
    images,
  });
  return new AppError('export-differs', message('exporting.differs', values), { where, cause: detail });
}

function hopeless(where: string, rounding: number, largest: number): AppError {
  const values = { file: where, rounding: rounding.toExponential(1), largest: largest.toPrecision(2) };
  return new AppError('export-differs', message('exporting.hopeless', values), { where });
}
