import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { sparseCells } from '#core/evaluation/confusion.ts';
import { EVALUATION_FILES, type EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import { computeFigures } from '#core/evaluation/figures.ts';
import { sampleOutputs } from '#core/evaluation/testing/sampleOutputs.ts';
import type { Readout } from '#core/losses/definition.ts';
import { DigestTable } from '../../data/images/digestTable.ts';
import { runFolderAt } from '../../runs/folder/runFolder.ts';
import { createLogitsFile } from '../logitsWriter.ts';

interface Sample {
  readonly count: number;
  readonly classes: number;
  readonly readout?: Readout;
  /** Logits of an image; the number of classes by default. */
  readonly width?: number;
}

/** For tests: keeps an evaluation of `sampleOutputs` with a run, and returns its id. Its images exist nowhere. */
export async function keepSample(
  run: string,
  { count, classes, readout = 'softmax', width = classes }: Sample,
): Promise<string> {
  const id = createHash('sha1').update(`${count} ${classes} ${readout} ${width}`).digest('hex').slice(0, 16);
  const folder = path.join(runFolderAt(run).files.evaluations, id);
  await mkdir(folder, { recursive: true });
  const rows = sampleOutputs(count, classes, readout, width);
  const classNames = Array.from({ length: classes }, (_, k) => `class ${k}`);
  const { figures, confusion } = await computeFigures(rows, {
    ...{ classNames, topK: [1, 5], tick: () => undefined },
  });
  const files = Array.from(rows.labels, (label, image) => `class ${label}/${image}.png`);
  const digests = new DigestTable();
  for (const file of files) digests.add(createHash('sha1').update(file).digest(), true);
  const head = { labels: rows.labels, files, digests, width, metadata: {} };
  const writer = await createLogitsFile(path.join(folder, EVALUATION_FILES.logits), head);
  writer.add(await rows.read(0, count));
  await writer.finish();
  await writer.close();
  const record: EvaluationRecord = {
    ...{ format: 'normlab-evaluation', version: 1, id, normlabVersion: '0.1.0', readout, classNames },
    createdAt: new Date().toISOString(),
    model: { run: path.basename(run), checkpoint: 'last', weights: 'raw', statistics: 'exact', epoch: 3 },
    images: { source: 'folder', folder: '/gone', part: null, missing: [], extra: [], skipped: 0 },
    compute: {
      ...{ backend: 'none', precision: 'f32', threads: 1, batch: 8 },
      ...{ elapsedMs: 10, imagesPerSecond: (1000 * count) / 10 },
    },
    loss: { kind: 'crossEntropy', mean: figures.logLoss?.value ?? null },
    ...{ figures, confusion: sparseCells(confusion) },
  };
  await writeFile(path.join(folder, EVALUATION_FILES.record), JSON.stringify(record));
  return id;
}
