import { findDoubtfulLabels } from '#core/evaluation/doubtfulLabels.ts';
import type { SuspectRow, SuspectSummary } from '#core/evaluation/doubtRows.ts';
import type { Tick } from '#core/evaluation/logitRows.ts';
import { message } from '#core/words/message.ts';
import { readSplit } from '../runs/data/runSplit.ts';
import { createPace } from '../threads/pace.ts';
import type { OnProgress } from '../threads/progress.ts';
import { meanProbabilities, type MeanProbabilities, type OpenedEvaluation } from './meanProbabilities.ts';

/** An evaluation and the folder of its run. */
export interface RunEvaluation extends OpenedEvaluation {
  readonly run: string;
}

export interface DoubtOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

/**
 * Images whose labels are likely wrong, by the mean probabilities of the evaluations; see `findDoubtfulLabels`. Throws
 * `AppError`: 'arguments' for networks with different classes, 'interrupted'.
 */
export async function findSuspects(
  evaluations: readonly RunEvaluation[],
  { signal, onProgress }: DoubtOptions = {},
): Promise<{ rows: SuspectRow[]; summary: SuspectSummary }> {
  const mean = meanProbabilities(evaluations);
  const pace = createPace(signal, (done, total) =>
    onProgress?.(message('doubts.checkingLabels'), done, total),
  );
  const tick: Tick = (done, total) => pace.tick(done, total);
  const trained = await countTrained(mean, evaluations, tick);
  const { images } = await findDoubtfulLabels(mean, tick);
  const classNames = evaluations[0]?.record.classNames ?? [];
  const rows = images.map(({ image, ...found }): SuspectRow => {
    const evaluation = mean.evaluationOf[image] ?? 0;
    const number = mean.imageOf[image] ?? 0;
    return {
      ...{ evaluation, image: number, file: evaluations[evaluation]?.rows.files[number] ?? '' },
      ...{ label: classNames[found.label] ?? '', suggested: classNames[found.suggested] ?? '' },
      ...{ probability: found.probability, labelProbability: found.labelProbability },
      ...{ margin: found.margin, networks: mean.networks[image] ?? 0 },
    };
  });
  const summary = { images: mean.count, source: sourceOf(mean), evaluations: evaluations.length, trained };
  return { rows, summary };
}

function sourceOf({ networks, evaluationOf }: MeanProbabilities): SuspectSummary['source'] {
  if (networks.some((each) => each > 1)) return 'average';
  return evaluationOf.some((each) => each > 0) ? 'folds' : 'single';
}

/** Images that trained one of the networks that judge them. A run of an old version without a split counts none. */
async function countTrained(
  mean: MeanProbabilities,
  evaluations: readonly RunEvaluation[],
  tick: Tick,
): Promise<number> {
  const trained = new Set<string>();
  for (const { run, rows } of evaluations) {
    const own = (await readSplit(run).catch(() => null))?.train ?? new Set<string>();
    for (let image = 0; image < rows.count; image += 1) {
      const digest = rows.digests.hexAt(image);
      if (own.has(digest)) trained.add(digest);
      await tick(image, rows.count);
    }
  }
  let count = 0;
  for (let image = 0; image < mean.count; image += 1) {
    const { digests } = evaluations[mean.evaluationOf[image] ?? 0]?.rows ?? {};
    if (trained.has(digests?.hexAt(mean.imageOf[image] ?? 0) ?? '')) count += 1;
  }
  return count;
}
