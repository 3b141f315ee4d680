import { must } from '#core/diagnostics/invariantError.ts';
import type { DuplicateRow, DuplicateSummary } from '#core/evaluation/doubtRows.ts';
import { decidedClass } from '#core/export/readout.ts';
import { forEachRow } from '#core/evaluation/logitRows.ts';
import { message } from '#core/words/message.ts';
import { openLabHome } from '../files/labHome.ts';
import { openRun } from '../runs/folder/runFolder.ts';
import { openRunPart, requestAsBegun } from '../runs/data/runData.ts';
import type { SplitPart } from '../runs/data/runSplit.ts';
import { createPace } from '../threads/pace.ts';
import { openTwinFinder, type TwinFinder } from './twinFinder.ts';
import type { DoubtOptions, RunEvaluation } from './findSuspects.ts';
import { openEvaluatedImages } from './openEvaluatedImages.ts';
import { printImages, type PrintedImages } from './printImages.ts';

/** One part of the run, in which copies are searched for. */
interface Part {
  readonly part: SplitPart;
  readonly images: PrintedImages;
  readonly find: TwinFinder;
}

/**
 * Copies of evaluated images among the training images of the run, and, where training images were evaluated, among its
 * validation images too. Wrong images come first, then those whose labels differ. Of several copies the most similar
 * one is given. Throws `AppError`: those of `openRunPart`, 'interrupted'.
 */
export async function findDuplicates(
  evaluation: RunEvaluation,
  options: DoubtOptions & { readonly cacheFolder?: string } = {},
): Promise<{ rows: DuplicateRow[]; summary: DuplicateSummary }> {
  const { record, rows } = evaluation;
  const parts = await openParts(evaluation, options);
  const { images, imageOf } = await printEvaluated(evaluation, options);
  const decided = await decisionsOf(evaluation, options);
  const pace = createPace(options.signal, (done, total) =>
    options.onProgress?.(message('doubts.comparing'), done, total),
  );
  const found: DuplicateRow[] = [];
  const { source } = record.images;
  for (let sample = 0; sample < imageOf.length; sample += 1) {
    await pace.tick(sample, imageOf.length);
    const file = must(images.files[sample], 'file');
    const twins = parts.flatMap(({ part, find, images: others }) => {
      const twin = find(images, sample, part === source ? file : null);
      return twin === null ? [] : [{ ...twin, part, others }];
    });
    const [twin] = twins.sort((a, b) => b.correlation - a.correlation);
    if (twin === undefined) continue;
    const image = imageOf[sample] ?? 0;
    const label = images.labels[sample] ?? -1;
    const otherLabel = twin.others.labels[twin.sample] ?? -1;
    const nameOf = (k: number | undefined): string => record.classNames[k ?? -1] ?? '';
    found.push({
      ...{ image, file, label: nameOf(label), decided: nameOf(decided[image]) },
      isWrong: decided[image] !== label,
      ...{ likeness: twin.likeness, distance: twin.distance, correlation: twin.correlation },
      other: { part: twin.part, file: twin.others.files[twin.sample] ?? '', label: nameOf(otherLabel) },
      ...{ differs: label !== otherLabel, isLeak: twin.part !== source },
    });
  }
  found.sort(
    (a, b) =>
      Number(b.isWrong) - Number(a.isWrong) ||
      Number(b.differs) - Number(a.differs) ||
      b.correlation - a.correlation ||
      a.image - b.image,
  );
  const summary = {
    images: imageOf.length,
    others: parts.reduce((sum, { images: others }) => sum + others.files.length, 0),
    left: rows.count - imageOf.length,
    leaks: found.filter(({ isLeak }) => isLeak).length,
    differing: found.filter(({ differs }) => differs).length,
  };
  return { rows: found, summary };
}

type Options = Parameters<typeof findDuplicates>[1] & object;

async function openParts({ run, record }: RunEvaluation, options: Options): Promise<Part[]> {
  const { manifest } = await openRun(run);
  const hasBoth = record.images.source === 'train' && manifest.data.validationImages > 0;
  const parts: Part[] = [];
  for (const part of hasBoth ? (['train', 'validation'] as const) : (['train'] as const)) {
    const set = await openRunPart(run, part, options);
    try {
      const images = await printImages(set, options);
      parts.push({ part, images, find: openTwinFinder(images) });
    } finally {
      await set.close();
    }
  }
  return parts;
}

async function printEvaluated(
  evaluation: RunEvaluation,
  options: Options,
): Promise<{ images: PrintedImages; imageOf: Uint32Array }> {
  const { manifest } = await openRun(evaluation.run);
  const { ranges } = manifest.preprocessing;
  const { target } = requestAsBegun(evaluation.run, manifest, options);
  const { set, imageOf } = await openEvaluatedImages(evaluation, {
    ...options,
    target: { ...target, ...(ranges === undefined ? {} : { ranges }) },
    cacheFolder: options.cacheFolder ?? openLabHome().cache,
  });
  try {
    return { images: await printImages(set, options), imageOf };
  } finally {
    await set.close();
  }
}

async function decisionsOf(
  { rows }: Pick<RunEvaluation, 'rows'>,
  { signal }: DoubtOptions,
): Promise<Int32Array> {
  const decided = new Int32Array(rows.count);
  const pace = createPace(signal);
  await forEachRow(
    rows,
    (logits, _label, image) => {
      decided[image] = decidedClass(logits);
    },
    (done, total) => pace.tick(done, total),
  );
  return decided;
}
