import path from 'node:path';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { NamedJudgement } from '#core/evaluation/evaluationTables.ts';
import type { SkippedFile } from '../data/walk/walkFolder.ts';
import { errnoOf, toOutputError } from '../files/atomicFile.ts';
import { evaluationId } from './evaluationId.ts';
import { openJudgedImages, type OpenedImages } from './judgedImages.ts';
import { loadJudgedModel } from './judgedModel.ts';
import type { MeasureOptions } from './judgeOptions.ts';
import { measureImages } from './measureImages.ts';

/** What an evaluation found. The names of the images are relative to `record.images.folder`. */
export interface Found extends NamedJudgement {
  readonly skipped: readonly SkippedFile[];
}

/**
 * Evaluates a trained network on labelled images with frozen statistics, computes all figures, and writes the files of
 * the evaluation into `folder`, which exists and is empty. The logits go to the disk batch by batch. A cancel is heard
 * between two steps. Throws `AppError`: those of `loadJudgedModel` and of the images, 'interrupted', and those of
 * writing, which name the folder above.
 */
export async function judgeInto(folder: string, options: MeasureOptions): Promise<Found> {
  const model = await loadJudgedModel(options);
  const opened = await openJudgedImages(options.run, model, options.images, options);
  try {
    return await judgeOpenedInto(folder, { model, opened }, options);
  } finally {
    await opened.set.close();
  }
}

/** As `judgeInto`, with the network and the images that the options name already open. */
export async function judgeOpenedInto(
  folder: string,
  { model, opened }: { readonly model: TrainedModel; readonly opened: OpenedImages },
  options: MeasureOptions,
): Promise<Found> {
  const { files, skipped } = opened.set;
  const id = evaluationId(model, opened, options);
  const measured = await measureImages({ id, folder, model, opened, options }).catch((error: unknown) => {
    throw errnoOf(error) === '' ? error : toOutputError(error, path.dirname(folder));
  });
  return { ...measured, files, skipped };
}
