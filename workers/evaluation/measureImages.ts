import path from 'node:path';
import { lossPlanOf } from '#core/compile/lossPlan.ts';
import { EVALUATION_FILES, type EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import { computeFigures, type Judged } from '#core/evaluation/figures.ts';
import { sparseCells } from '#core/evaluation/confusion.ts';
import type { Tick } from '#core/evaluation/logitRows.ts';
import { meanLoss } from '#core/evaluation/meanLoss.ts';
import { readoutOf } from '#core/export/readout.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { evaluateSource } from '#core/training/evaluate.ts';
import { message } from '#core/words/message.ts';
import { computeForInference } from '../compute/compute.ts';
import { programOf } from '../compute/network.ts';
import { writeFiles } from '../files/folderInPlace.ts';
import { NORMLAB_VERSION } from '../files/version.ts';
import { prepareFastest } from '../inference/fastestBatch.ts';
import { openTrained } from '../inference/openTrained.ts';
import { createPace } from '../threads/pace.ts';
import type { OpenedImages } from './judgedImages.ts';
import type { MeasureOptions } from './judgeOptions.ts';
import { openLogitsFile } from './logitsFile.ts';
import { createLogitsFile, type LogitsWriter } from './logitsWriter.ts';

/** One evaluation: its network and images are open, and its folder exists and is empty. */
interface Measurement {
  readonly id: string;
  readonly folder: string;
  readonly model: TrainedModel;
  readonly opened: OpenedImages;
  readonly options: MeasureOptions;
}

/** Computes the logits into `folder`, then the figures from there, and writes the record last. */
export async function measureImages(
  measurement: Measurement,
): Promise<Judged & { readonly record: EvaluationRecord }> {
  const { folder, model, options } = measurement;
  const compute = await computeLogits(measurement);
  const pace = createPace(options.signal, undefined, STOPPED);
  const readout = readoutOf(model.document.training.loss, model.graph.logitCount);
  const rows = await openLogitsFile(path.join(folder, EVALUATION_FILES.logits), readout);
  try {
    const tick: Tick = (done, total) => pace.tick(done, total);
    options.onProgress?.(message('work.figures'), 0, null);
    const plan = { ...lossPlanOf(model.document.training, null), classWeights: null };
    const mean = await meanLoss(rows, plan, tick);
    const judged = await computeFigures(rows, {
      ...{ classNames: model.classNames, topK: options.topK, tick },
    });
    const loss = { kind: plan.kind, mean: Number.isFinite(mean) ? mean : null };
    const record = recordOf(measurement, judged, { readout, compute, loss });
    await pace.settle();
    const text = `${JSON.stringify(record)}\n`;
    await writeFiles(folder, new Map([[EVALUATION_FILES.record, Buffer.from(text)]]));
    return { ...judged, record };
  } finally {
    await rows.close();
  }
}

const STOPPED = message('runs.evaluationStopped');

function recordOf(
  { id, model, opened, options }: Measurement,
  { figures, confusion }: Judged,
  found: Pick<EvaluationRecord, 'readout' | 'compute' | 'loss'>,
): EvaluationRecord {
  const { checkpoint = 'last', weights = 'raw', statistics, epochs } = model.provenance;
  return {
    ...{ format: 'normlab-evaluation', version: 1, id },
    ...{ createdAt: new Date().toISOString(), normlabVersion: NORMLAB_VERSION },
    model: {
      ...{ run: path.basename(path.resolve(options.run)), checkpoint, weights, statistics },
      epoch: epochs,
      ...(options.fold === true ? { folded: true } : {}),
    },
    ...{ classNames: [...model.classNames], images: opened.described },
    ...found,
    figures,
    confusion: sparseCells(confusion),
  };
}

/** Evaluates the images batch by batch and writes their logits. */
async function computeLogits({
  folder,
  model,
  opened: { set },
  options,
}: Measurement): Promise<EvaluationRecord['compute']> {
  const { backend, threads, precision } = computeForInference(options);
  const session = openTrained(backend, model, { threads, precision });
  try {
    const program = programOf(model.graph, model.document.training, model.preprocessing, 'evaluate');
    const pace = createPace(options.signal, undefined, STOPPED);
    const between = (): Promise<void> => pace.settle();
    const prepared = await prepareFastest(session, program, set.size, { between });
    const writer = await createLogitsFile(path.join(folder, EVALUATION_FILES.logits), {
      ...{ labels: set.labels, files: set.files, digests: set.contents().digests },
      ...{ width: model.graph.logitCount, metadata: { format: 'normlab-logits', version: '1' } },
    });
    try {
      const elapsedMs = await evaluateInto(writer, { prepared, set, options });
      const imagesPerSecond = elapsedMs > 0 ? (1000 * set.size) / elapsedMs : 0;
      const { batch } = prepared;
      return { backend: backend.description, precision, threads, batch, elapsedMs, imagesPerSecond };
    } finally {
      await writer.close();
    }
  } finally {
    session.close();
  }
}

/** Returns the milliseconds from the first batch to the last. */
async function evaluateInto(
  writer: LogitsWriter,
  {
    prepared,
    set,
    options,
  }: { prepared: Awaited<ReturnType<typeof prepareFastest>> } & Pick<OpenedImages, 'set'> & {
      options: MeasureOptions;
    },
): Promise<number> {
  const pace = createPace(options.signal, undefined, STOPPED);
  const start = performance.now();
  await evaluateSource({
    ...{ prepared, source: set },
    between: async () => {
      await writer.flush();
      await pace.tick(0, null);
      return false;
    },
    onBatch: (logits, _labels, done) => {
      writer.add(logits);
      options.onProgress?.(message('work.evaluating'), done, set.size);
    },
  });
  const elapsedMs = performance.now() - start;
  await writer.finish();
  return elapsedMs;
}
