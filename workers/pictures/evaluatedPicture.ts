import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { createProbe } from '../data/images/probeFile.ts';
import { openKeptEvaluation, type EvaluationPlace } from '../evaluation/keptEvaluations.ts';

/**
 * The file of image `image` of a kept evaluation, which must have the contents that were evaluated. Throws as
 * `openKeptEvaluation` does, and `AppError`: 'arguments' for a number that is too large, 'image-unreadable' for a file
 * that is gone or changed.
 */
export async function evaluatedPicture(place: EvaluationPlace, id: string, image: number): Promise<string> {
  const { record, rows } = await openKeptEvaluation(place, id);
  try {
    const { files, digests, count } = rows;
    if (image >= count)
      throw new AppError('arguments', message('pictures.evaluatedMissing', { image, count }));
    const file = must(files[image], `name of image ${image}`);
    const full = path.join(record.images.folder, file);
    const found = await createProbe()(full, file);
    if (found.kind === 'image' && found.digest.toString('hex') === digests.hexAt(image)) return full;
    throw new AppError('image-unreadable', message('pictures.evaluatedChanged', { file: full }), {
      where: full,
    });
  } finally {
    await rows.close();
  }
}
