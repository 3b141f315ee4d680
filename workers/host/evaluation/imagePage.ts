import type { EvaluatedImage, ImageQuery } from '#core/contract/evaluationCalls.ts';
import type { LabResult } from '#core/contract/labApi.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { ScoredEvaluation } from './scoredEvaluations.ts';

/** The images from `from` on that a query matches, at most `count`, and how many there are in all. */
export function imagePage(
  scored: ScoredEvaluation,
  { query, from, count }: { readonly query: ImageQuery; readonly from: number; readonly count: number },
): LabResult<'evaluation.images'> {
  const found = scored.selection.find(query);
  const images = Array.from(found.subarray(from, from + count), (image) => evaluatedImage(scored, image));
  return { total: found.length, images };
}

/** What the screen shows of image `image` of some scored images. */
export function evaluatedImage(
  { scores, top, files }: Pick<ScoredEvaluation, 'scores' | 'top' | 'files'>,
  image: number,
): EvaluatedImage {
  const at = <T>(values: ArrayLike<T>): T => must(values[image], `image ${image}`);
  return {
    ...{
      image,
      file: at(files),
      truth: at(scores.labels),
      decided: at(scores.decided),
      rank: at(scores.rank),
    },
    ...{ confidence: finite(at(scores.confidence)), logLoss: finite(at(scores.logLoss)) },
    top: Array.from({ length: top.k }, (_, place) => ({
      class: must(top.classes[image * top.k + place], 'class'),
      probability: finite(top.probabilities[image * top.k + place] ?? NaN),
      logit: finite(top.logits[image * top.k + place] ?? NaN),
    })),
  };
}

/** JSON has no NaN. */
function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
