import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { KeptEvaluation } from './evaluationFolder.ts';
import { evaluationId } from './evaluationId.ts';
import { openJudgedImages } from './judgedImages.ts';
import { loadJudgedModel } from './judgedModel.ts';
import { judgeOpenedInto } from './judgeInto.ts';
import type { MeasureOptions } from './judgeOptions.ts';
import { keepEvaluation } from './keepEvaluation.ts';
import { openKeptEvaluation } from './keptEvaluations.ts';

/**
 * The kept evaluation of a network on images: one that exists already, or a new one. Throws as `judgeRun`, and
 * `AppError` where it cannot be kept.
 */
export async function judgedOrKept(
  options: MeasureOptions & { readonly cacheFolder: string },
): Promise<KeptEvaluation> {
  const model = await loadJudgedModel(options);
  const opened = await openJudgedImages(options.run, model, options.images, options);
  try {
    const id = evaluationId(model, opened, options);
    const kept = await keptUnder(options, id);
    if (kept !== null) return kept;
    const { result, folder } = await keepEvaluation(
      { ...options, keep: 'lab' },
      () => id,
      (place) => judgeOpenedInto(place, { model, opened }, options),
    );
    return { record: result.record, folder: must(folder, 'folder of a kept evaluation') };
  } finally {
    await opened.set.close();
  }
}

/** The evaluation under an id; null where there is none, or only a damaged one. */
async function keptUnder(
  place: { readonly run: string; readonly cacheFolder: string },
  id: string,
): Promise<KeptEvaluation | null> {
  try {
    const { rows, ...kept } = await openKeptEvaluation(place, id);
    await rows.close();
    return kept;
  } catch (error) {
    if (error instanceof AppError && (error.code === 'run-not-found' || error.code === 'run-invalid'))
      return null;
    throw error;
  }
}
