import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EvaluatedImage } from '#core/contract/evaluationCalls.ts';
import { compareDecisions } from '#core/evaluation/compareDecisions.ts';
import { confusionRows, sparseCells } from '#core/evaluation/confusion.ts';
import { computeFigures } from '#core/evaluation/figures.ts';
import { findDoubtfulLabels, type DoubtfulLabel } from '#core/evaluation/doubtfulLabels.ts';
import { EVALUATION_FILES, type EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import type { Judged } from '#core/evaluation/figures.ts';
import { firstImages, IMAGE_ORDERS, type ImageOrder } from '#core/evaluation/imageOrders.ts';
import { classShares } from '#core/evaluation/labelledProbabilities.ts';
import type { LogitRows } from '#core/evaluation/logitRows.ts';
import type { Readout } from '#core/losses/definition.ts';
import { openStream } from '#core/training/random.ts';
import { DigestTable } from '#workers/data/images/digestTable.ts';
import { openLogitsFile } from '#workers/evaluation/logitsFile.ts';
import { createLogitsFile } from '#workers/evaluation/logitsWriter.ts';
import { openLabHome, type LabHome } from '#workers/files/labHome.ts';
import { createLabHost, type LabHost } from '#workers/host/labHost.ts';
import { runFolderAt } from '#workers/runs/folder/runFolder.ts';
import { labCall } from './labCall.ts';

interface Case {
  readonly name: string;
  readonly images: number;
  readonly classes: number;
  readonly width: number;
  readonly readout: Readout;
  /** Logits are multiples of this, so that preferences of two classes tie. Null: they are not rounded. */
  readonly step: number | null;
}

const CASES: readonly Case[] = [
  { name: 'one-logit', images: 400, classes: 2, width: 1, readout: 'sigmoid', step: 1 / 4 },
  { name: 'two-logits', images: 400, classes: 2, width: 2, readout: 'softmax', step: 1 / 4 },
  { name: 'ten-classes', images: 1000, classes: 10, width: 10, readout: 'softmax', step: null },
  { name: 'many-classes', images: 3000, classes: 300, width: 300, readout: 'softmax', step: null },
  { name: 'sigmoids', images: 500, classes: 5, width: 5, readout: 'sigmoid', step: null },
  { name: 'clipped', images: 500, classes: 5, width: 5, readout: 'clip', step: null },
];

/** Writes logits as an evaluation keeps them, beside all figures that follow from them. */
export async function writeEvaluations(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const home = openLabHome(join(folder, 'home'));
  const host = createLabHost({ home, roots: [folder], sampleFolder: null, shippedModels: null });
  try {
    await writeCases(folder, home, host);
  } finally {
    await host.close();
  }
}

async function writeCases(folder: string, home: LabHome, host: LabHost): Promise<void> {
  for (const each of CASES) {
    const { labels, logits, second } = drawOutputs(each);
    const path = join(folder, `${each.name}.safetensors`);
    await writeLogits(path, each, labels, logits);
    const rows = await openLogitsFile(path, each.readout);
    const classNames = Array.from({ length: each.classes }, (_, k) => `class ${k}`);
    const tick = (): undefined => undefined;
    const judged = await computeFigures(rows, { classNames, topK: [1, 2, 5], tick });
    const doubtful = await doubtfulOf(rows, each.classes);
    await rows.close();
    const { matrix, ...compared } = compareDecisions(labels, judged.scores.decided, second, each.classes);
    const orders = IMAGE_ORDERS.map((order) => [order, [...firstImages(judged.scores, order)]]);
    const found = {
      ...{ readout: each.readout, classes: each.classes, figures: judged.figures },
      ...{ confusion: confusionRows(judged.confusion), orders: Object.fromEntries(orders) as unknown },
      ...{ doubtful, second: [...second], compared, matrix: confusionRows(matrix) },
      pages: await pagesOf(host, home, { path, record: recordOf(each, judged) }),
    };
    writeFileSync(join(folder, `${each.name}.json`), JSON.stringify(found));
  }
}

async function doubtfulOf(rows: LogitRows, classes: number): Promise<readonly DoubtfulLabel[]> {
  const { count, labels, width, readout } = rows;
  const read = async (start: number, end: number): Promise<Float64Array> => {
    const block = await rows.read(start, end);
    return Float64Array.from(
      Array.from({ length: end - start }, (_, at) =>
        classShares(readout, block.subarray(at * width, (at + 1) * width)),
      ).flat(),
    );
  };
  return (await findDoubtfulLabels({ count, classes, labels, read }, () => undefined)).images;
}

/** Every image as the screen gets it from a host, page by page, by order. */
async function pagesOf(
  host: LabHost,
  home: LabHome,
  { path, record }: { readonly path: string; readonly record: EvaluationRecord },
): Promise<Readonly<Record<string, readonly EvaluatedImage[]>>> {
  const key = { runId: record.model.run, id: record.id };
  const kept = join(runFolderAt(join(home.runs, key.runId)).files.evaluations, key.id);
  mkdirSync(kept, { recursive: true });
  copyFileSync(path, join(kept, EVALUATION_FILES.logits));
  writeFileSync(join(kept, EVALUATION_FILES.record), JSON.stringify(record));
  const all = async (order: ImageOrder): Promise<EvaluatedImage[]> => {
    const query = { order, truth: null, decided: null, text: null };
    const images: EvaluatedImage[] = [];
    for (;;) {
      const page = { ...key, query, from: images.length, count: 300 };
      const found = await labCall(host, 'evaluation.images', page);
      images.push(...found.images);
      if (images.length >= found.total) return images;
    }
  };
  const found: Record<string, EvaluatedImage[]> = {};
  for (const order of IMAGE_ORDERS) found[order] = await all(order);
  return found;
}

/** The record of an evaluation of a run `sample`. */
function recordOf({ name, classes, readout }: Case, { figures, confusion }: Judged): EvaluationRecord {
  const id = CASES.findIndex((each) => each.name === name)
    .toString(16)
    .padStart(16, '0');
  return {
    ...{ format: 'normlab-evaluation', version: 1, id, normlabVersion: '0', createdAt: '', readout },
    model: { run: 'sample', checkpoint: 'last', weights: 'raw', statistics: 'exact', epoch: 1 },
    classNames: Array.from({ length: classes }, (_, k) => `class ${k}`),
    images: { source: 'folder', folder: '/', part: null, missing: [], extra: [], skipped: 0 },
    compute: { backend: '', precision: 'f32', threads: 1, batch: 1, elapsedMs: 1, imagesPerSecond: 1 },
    loss: { kind: 'crossEntropy', mean: null },
    ...{ figures, confusion: sparseCells(confusion) },
  };
}

/** Logits that are larger for the true class, and the classes that a second network gives. */
function drawOutputs({ name, images, classes, width, step }: Case): {
  labels: Int32Array;
  logits: Float32Array;
  second: Int32Array;
} {
  const random = openStream(1, name);
  // Not every class has an image, nor the same number of them.
  const labels = Int32Array.from({ length: images }, () => random.below(1 + random.below(classes)));
  const logits = Float32Array.from({ length: images * width }, (_, at) => {
    const label = labels[Math.floor(at / width)] ?? 0;
    const isOwn = width === 1 ? label === 1 : at % width === label;
    const value = 1.7 * random.normal() + (isOwn ? 2 : 0) - (width === 1 ? 1 : 0);
    return step === null ? value : step * Math.round(value / step);
  });
  const second = labels.map((label) => (random.uniform() < 0.7 ? label : random.below(classes)));
  return { labels, logits, second };
}

async function writeLogits(
  path: string,
  { width }: Case,
  labels: Int32Array,
  logits: Float32Array,
): Promise<void> {
  const digests = new DigestTable();
  labels.forEach((_, image) => digests.add(new Uint8Array(20).fill(image % 256), true));
  const files = Array.from(labels, (label, image) => `class ${label}/é ${image}.png`);
  const writer = await createLogitsFile(path, { labels, files, digests, width, metadata: {} });
  // In two parts, as batches come.
  const middle = width * Math.floor(labels.length / 2);
  writer.add(logits.subarray(0, middle));
  await writer.flush();
  writer.add(logits.subarray(middle));
  await writer.finish();
  await writer.close();
}
