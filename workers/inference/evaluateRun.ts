import type { BatchSource } from '#core/training/batchSource.ts';
import { decidedClass } from '#core/export/readout.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { evaluateSource } from '#core/training/evaluate.ts';
import { meansOf } from '#core/training/metrics.ts';
import type { SubfolderReading, TableColumns } from '#core/document/dataSettings.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { openLabHome } from '../files/labHome.ts';
import type { WeightsChoice } from '../runs/checkpoint/exactStatisticsFile.ts';
import { openInference, type InferenceOptions } from './inference.ts';
import { loadMeasuredModel } from './measuredModel.ts';
import { createPace } from '../threads/pace.ts';
import type { SkippedFile } from '../data/walk/walkFolder.ts';
import type { SplitPart } from '../runs/data/runSplit.ts';
import { partChooser } from './partChooser.ts';
import type { OnProgress } from '../threads/progress.ts';
import { openLabelled } from '../runs/data/prepareData.ts';

export interface EvaluateOptions extends InferenceOptions {
  readonly run: string;
  /** Which of the run's weights; the averages by default, where it keeps them. */
  readonly weights?: WeightsChoice;
  /** The last checkpoint by default. */
  readonly checkpoint?: CheckpointChoice;
  /** Folder with a subfolder for each class, named as in training, or with a table of labels. */
  readonly data: string;
  readonly labels?: string | null;
  /** Columns of a table of labels; the default is those of the run's project. */
  readonly columns?: TableColumns;
  readonly subfolders?: SubfolderReading;
  /** Evaluates only images on this side of the run's split; null: all. */
  readonly part?: SplitPart | null;
  readonly batch?: number;
  readonly cacheFolder?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
}

export interface Evaluation {
  /** The run, its weights, and the number of finished epochs. */
  readonly checkpoint: CheckpointChoice;
  readonly epoch: number;
  /** Mean of the run's own loss, without label smoothing and class weights; null when it is not finite. */
  readonly loss: number | null;
  readonly accuracy: number;
  readonly images: number;
  readonly perClass: readonly { class: string; count: number; correct: number; accuracy: number | null }[];
  /** Row: true class, column: predicted class, counts of images. */
  readonly confusion: readonly (readonly number[])[];
  readonly skipped: readonly SkippedFile[];
}

/**
 * Evaluates a trained network on a labelled folder with frozen statistics; the run is only read. Throws `AppError`:
 * those of `loadMeasuredModel` and of the folder, 'folder-classes-differ', 'interrupted'.
 */
export async function evaluateRun(options: EvaluateOptions): Promise<Evaluation> {
  const model = await loadMeasuredModel(options.run, options.weights, options);
  const choose = await partChooser(options.run, options.part ?? null);
  const data = await openLabelled(options.data, model.classNames, {
    labels: options.labels ?? null,
    columns: options.columns ?? model.document.data.table,
    subfolders: options.subfolders ?? model.document.data.subfolders,
    choose,
    target: model.preprocessing,
    cacheFolder: options.cacheFolder ?? openLabHome().cache,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
  });
  try {
    const { checkpoint = 'last', epochs: epoch } = model.provenance;
    return { checkpoint, epoch, ...(await evaluateModel(model, data, options)), skipped: data.skipped };
  } finally {
    await data.close();
  }
}

/** Evaluates a network on labelled images that are already decoded. */
export async function evaluateModel(
  model: TrainedModel,
  source: BatchSource,
  options: InferenceOptions & Pick<EvaluateOptions, 'batch' | 'signal' | 'onProgress'> = {},
): Promise<Omit<Evaluation, 'skipped' | 'checkpoint' | 'epoch'>> {
  const classes = model.classNames.length;
  const confusion = model.classNames.map(() => new Array<number>(classes).fill(0));
  const width = model.graph.logitCount;
  const inference = openInference(model, Math.min(options.batch ?? 64, source.size), options);
  const pace = createPace(options.signal, undefined, message('runs.evaluationStopped'));
  try {
    const totals = await evaluateSource({
      prepared: inference.prepared,
      source,
      between: async () => {
        await pace.tick(0, null);
        return false;
      },
      onBatch: (logits, labels, done) => {
        labels.forEach((label, index) => {
          const row = confusion[label];
          const predicted = decidedClass(logits.subarray(index * width, (index + 1) * width));
          if (row !== undefined) row[predicted] = (row[predicted] ?? 0) + 1;
        });
        options.onProgress?.(message('work.evaluating'), done, source.size);
      },
    });
    const found = must(totals, 'totals of an evaluation');
    const { loss, accuracy } = meansOf(found);
    return {
      loss: Number.isFinite(loss) ? loss : null,
      accuracy,
      images: found.samples,
      perClass: perClassOf(model.classNames, confusion),
      confusion,
    };
  } finally {
    inference.close();
  }
}

function perClassOf(names: readonly string[], confusion: readonly number[][]): Evaluation['perClass'] {
  return confusion.map((row, index) => {
    const count = row.reduce((sum, cell) => sum + cell, 0);
    const correct = row[index] ?? 0;
    return { class: names[index] ?? '', count, correct, accuracy: count === 0 ? null : correct / count };
  });
}
