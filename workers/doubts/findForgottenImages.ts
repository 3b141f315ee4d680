import path from 'node:path';
import { AppError } from '#core/diagnostics/appError.ts';
import type { ForgottenRow, ForgottenSummary } from '#core/evaluation/doubtRows.ts';
import { findForgotten } from '#core/evaluation/forgotten.ts';
import { message } from '#core/words/message.ts';
import { readBestEpoch } from '../runs/checkpoint/checkpoint.ts';
import { runFolderAt } from '../runs/folder/runFolder.ts';
import type { StoredDecisions } from '../runs/metrics/decisionsFormat.ts';
import { readDecisions } from '../runs/metrics/decisionsWriter.ts';
import { createPace, throwIfAborted } from '../threads/pace.ts';
import { contentKeys } from './contentKeys.ts';
import type { DoubtOptions, RunEvaluation } from './findSuspects.ts';

/**
 * Validation images that the run learned and forgot, or never learned; see `findForgotten`. Those are listed that the
 * evaluation has. Throws `AppError`: 'arguments' where the run recorded nothing, or none of its validation images was
 * evaluated; 'run-invalid' for a damaged file; 'interrupted'.
 */
export async function findForgottenImages(
  { run, rows, record }: RunEvaluation,
  { signal, onProgress }: DoubtOptions = {},
): Promise<{ rows: ForgottenRow[]; summary: ForgottenSummary }> {
  onProgress?.(message('doubts.readingEpochs'), 0, null);
  const history = await readDecisions(run);
  const name = path.basename(path.resolve(run));
  if (history === null || history.epochs.length === 0)
    throw new AppError('arguments', message('doubts.noDecisions', { run: name }));
  const pace = createPace(signal);
  const numbers = new Map(contentKeys(rows.digests).map((key, image) => [key, image]));
  await pace.settle();
  const images = contentKeys(history.digests).map((key) => numbers.get(key));
  const kept = [...images.keys()].filter((image) => images[image] !== undefined);
  if (kept.length === 0) throw new AppError('arguments', message('doubts.otherImages', { run: name }));
  const best = await readBestEpoch(runFolderAt(run)).catch(() => null);
  await pace.settle();
  const { images: found, summary } = findForgotten(imagesOf(history, kept), best?.epoch ?? null);
  throwIfAborted(signal);
  const listed = found.map(({ image, right, ...each }): ForgottenRow => {
    const stored = kept[image] ?? 0;
    const number = images[stored] ?? 0;
    return {
      ...{ image: number, file: rows.files[number] ?? '' },
      ...{ label: record.classNames[history.labels[stored] ?? -1] ?? '', ...each },
      right: right.map((isRight) => (isRight ? '1' : '0')).join(''),
    };
  });
  return { rows: listed, summary: { ...summary, epochs: [...summary.epochs] } };
}

/** The history of some of the images. */
function imagesOf(history: StoredDecisions, kept: readonly number[]): Parameters<typeof findForgotten>[0] {
  const { labels, epochs, decided } = history;
  return {
    count: kept.length,
    labels: Int32Array.from(kept, (image) => labels[image] ?? -1),
    epochs,
    decided: decided.map((classes) => Uint32Array.from(kept, (image) => classes[image] ?? 0)),
  };
}
