import { sparseCells } from '../confusion.ts';
import type { NamedJudgement } from '../evaluationTables.ts';
import { computeFigures } from '../figures.ts';
import { sampleOutputs } from './sampleOutputs.ts';

/** For tests: an evaluation of `count` images of `sampleOutputs`, as one of a run would be stored. */
export async function sampleJudgement(
  count: number,
  classes: number,
  nameOf: (k: number) => string = (k) => `class ${k}`,
): Promise<NamedJudgement> {
  const classNames = Array.from({ length: classes }, (_, k) => nameOf(k));
  const rows = sampleOutputs(count, classes, 'softmax');
  const judged = await computeFigures(rows, { classNames, topK: [1, 5], tick: () => undefined });
  const files = Array.from(rows.labels, (label, image) => `${classNames[label] ?? ''}/${image}.png`);
  return {
    ...judged,
    files,
    record: {
      ...{ format: 'normlab-evaluation', version: 1, id: '0123456789abcdef', normlabVersion: '0.1.0' },
      createdAt: '2026-01-02T03:04:05.678Z',
      model: { run: 'sample', checkpoint: 'last', weights: 'raw', statistics: 'exact', epoch: 3 },
      ...{
        readout: 'softmax',
        classNames,
        confusion: sparseCells(judged.confusion),
        figures: judged.figures,
      },
      images: { source: 'validation', folder: '/images', part: null, missing: [], extra: [], skipped: 0 },
      compute: {
        ...{ backend: 'reference', precision: 'f64', threads: 1, batch: 8 },
        ...{ elapsedMs: 10, imagesPerSecond: (1000 * count) / 10 },
      },
      loss: { kind: 'crossEntropy', mean: judged.figures.logLoss?.value ?? null },
    },
  };
}
