import { AppError } from '#core/diagnostics/appError.ts';
import { sparseCells } from '#core/evaluation/confusion.ts';
import type { EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import { computePairFigures } from '#core/evaluation/pairFigures.ts';
import { pairImages, type PairedImages } from '#core/evaluation/pairImages.ts';
import type { PairSideRecord } from '#core/evaluation/pairRecord.ts';
import type { NamedPair } from '#core/evaluation/pairTables.ts';
import { message } from '#core/words/message.ts';
import { openKeptEvaluation, type OpenEvaluation } from '../evaluation/keptEvaluations.ts';
import { createPace } from '../threads/pace.ts';
import type { OnProgress } from '../threads/progress.ts';
import type { PairFound } from './pairRequest.ts';

/** A comparison with the numbers of its images in both evaluations. */
export interface OpenedPair extends NamedPair {
  readonly images: PairedImages;
}

interface OpenPairOptions {
  readonly cacheFolder: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Compares two kept evaluations on the images that both have. Throws as `openKeptEvaluation` and `pairImages`, and
 * 'interrupted'.
 */
export async function openPair({ first, second }: PairFound, options: OpenPairOptions): Promise<OpenedPair> {
  const { cacheFolder } = options;
  const one = await openKeptEvaluation({ run: first.run, cacheFolder }, first.id);
  try {
    const other = await openKeptEvaluation({ run: second.run, cacheFolder }, second.id);
    try {
      return await compare(one, other, options);
    } finally {
      await other.rows.close();
    }
  } finally {
    await one.rows.close();
  }
}

async function compare(
  one: OpenEvaluation,
  other: OpenEvaluation,
  { signal, onProgress }: OpenPairOptions,
): Promise<OpenedPair> {
  if (one.folder === other.folder)
    throw new AppError('arguments', message('pairs.sameEvaluation'), { where: one.folder });
  const pace = createPace(signal, undefined, message('pairs.stopped'));
  onProgress?.(message('pairs.comparing'), 0, null);
  const { classNames } = one.record;
  const images = pairImages(sideOf(one), sideOf(other));
  await pace.settle();
  const judged = await computePairFigures({ first: one.rows, second: other.rows }, images, {
    classNames,
    tick: (done, total) => pace.tick(done, total),
  });
  const { figures, matrix } = judged;
  const sides = { first: recordOf(one.record), second: recordOf(other.record) };
  return {
    ...judged,
    record: { ...sides, classNames, figures, matrix: sparseCells(matrix) },
    files: Array.from(images.first, (image) => one.rows.files[image] ?? ''),
    images,
  };
}

function sideOf({ rows, record }: OpenEvaluation): Parameters<typeof pairImages>[0] {
  return {
    ...{ classNames: record.classNames, labels: rows.labels },
    digestOf: (image) => rows.digests.hexAt(image),
  };
}

function recordOf({ id, createdAt, model, images, compute }: EvaluationRecord): PairSideRecord {
  return { id, createdAt, model, images, compute };
}
