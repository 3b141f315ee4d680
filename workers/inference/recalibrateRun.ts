import { AppError } from '#core/diagnostics/appError.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import { isBatchNorm, measuresBatch } from '#core/export/batchNormFacts.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { message } from '#core/words/message.ts';
import { createPace } from '../threads/pace.ts';
import type { FolderScan } from '../data/scan/scanFolder.ts';
import { openLabHome } from '../files/labHome.ts';
import { evaluateModel, type EvaluateOptions } from './evaluateRun.ts';
import { writeExactStatistics } from '../runs/checkpoint/exactStatisticsFile.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import { openLabelled } from '../runs/data/prepareData.ts';
import { partOfSplit, readSplit } from '../runs/data/runSplit.ts';
import { whileLocked } from '../runs/folder/runFolder.ts';
import { recalibrateModel, type RecalibratedModel } from './recalibrateModel.ts';
import { passOf } from './statisticsPass.ts';

interface RecalibrateOptions extends Omit<EvaluateOptions, 'batch' | 'part' | 'labels'> {
  /** Batches of the run's own batch size to average over; all images by default. */
  readonly batches?: number;
  /** Which of the folder's images are read, by the run's own split; its training part by default. */
  readonly part?: RecalibratedPart;
}

/** One side of the run's split, or every image of the folder. */
export type RecalibratedPart = 'training' | 'validation' | 'all';

export interface Recalibration extends Omit<RecalibratedModel, 'state'> {
  /** Evaluated on the images, with the statistics stored before and with the exact statistics. */
  readonly before: { readonly loss: number | null; readonly accuracy: number };
  readonly after: { readonly loss: number | null; readonly accuracy: number };
  /** Number of frozen BatchNorm blocks, which keep their statistics. */
  readonly frozen: number;
  /** Whose statistics were replaced. */
  readonly checkpoint: CheckpointChoice;
  /** Which images of the folder were measured, and how many the folder holds. */
  readonly part: RecalibratedPart;
  readonly folderImages: number;
}

/**
 * Replaces the moving averages of a run's BatchNorm blocks by exact statistics over images of a folder. By default
 * these are the training images of the run: validation images must not leak into the stored statistics. Writes the
 * exact statistics into the checkpoint; the moving averages stay beside them, so that training can still be resumed.
 * The weights and the statistics of frozen blocks stay unchanged; `recalibrateModel` says how the others are measured.
 * Batches are shuffled, and an incomplete last batch is merged with the one before. Throws `AppError`: those of
 * `loadRun` and of the folder, 'graph-invalid' for a network without a block to measure, 'run-busy', 'interrupted'.
 * folder, 'graph-invalid' for a network without a block to measure, 'run-busy', 'interrupted'.
 */
export async function recalibrateRun(options: RecalibrateOptions): Promise<Recalibration> {
  return whileLocked(options.run, () => recalibrateLocked(options));
}

async function recalibrateLocked(options: RecalibrateOptions): Promise<Recalibration> {
  const { run, model, weights, which } = await loadRun(options.run, options.weights, options.checkpoint);
  refuseUnmeasurable(model);
  const part = options.part ?? 'training';
  const side = await sideChooser(options.run, part);
  let folderImages = 0;
  const data = await openLabelled(options.data, model.classNames, {
    columns: model.document.data.table,
    subfolders: model.document.data.subfolders,
    choose: (scan) => {
      folderImages = scan.images.length;
      return side(scan);
    },
    target: model.preprocessing,
    cacheFolder: options.cacheFolder ?? openLabHome().cache,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
  });
  try {
    const before = await evaluateModel(model, data, options);
    const exact = await recalibrateModel(model, data, options);
    const after = await evaluateModel({ ...model, state: exact.state }, data, options);
    const pass = passOf(exact, MEASURED_OVER[part], { on: JUDGED_ON[part], before, after });
    const found = { statistics: statisticsOf(model, exact.state), pass };
    await createPace(options.signal, undefined, message('runs.recalibrationCancelled')).settle();
    await writeExactStatistics(run, model.layout, () => model.state.slice(), weights, found, which);
    const short = ({ loss, accuracy }: typeof before): Recalibration['before'] => ({ loss, accuracy });
    const { state: _state, ...measured } = exact;
    const frozen = model.graph.order.filter(isBatchNorm).length - measured.layers;
    const where = { part, folderImages, checkpoint: which };
    return { before: short(before), after: short(after), ...measured, frozen, ...where };
  } finally {
    await data.close();
  }
}

const MEASURED_OVER = { training: 'training', validation: 'validation', all: 'folder' } as const;
const JUDGED_ON = { training: 'train', validation: 'validation', all: 'folder' } as const;

/**
 * Returns the function that selects the images of a part. Throws `AppError('run-not-found')` for a part of a run
 * without a split.
 */
async function sideChooser(run: string, part: RecalibratedPart): Promise<(scan: FolderScan) => Uint32Array> {
  if (part === 'all') return (scan) => Uint32Array.from(scan.images.keys());
  const split = await readSplit(run);
  return (scan) => partOfSplit(scan, split, part === 'training' ? 'train' : 'validation');
}

/** The stored statistics in a state array, in the order of the layout. */
export function statisticsOf({ layout }: TrainedModel, state: FloatArray): FloatArray {
  return state.slice(layout.statisticsOffset, layout.statisticsOffset + layout.statisticsSize);
}

/** Refuses a network without a block whose statistics could be measured. Throws `AppError('graph-invalid')`. */
export function refuseUnmeasurable(model: TrainedModel): void {
  const blocks = model.graph.order.filter(isBatchNorm);
  const [first] = blocks;
  if (first === undefined) {
    throw new AppError('graph-invalid', message('runs.noBatchNorm'));
  }
  if (blocks.some(measuresBatch)) return;
  throw new AppError(
    'graph-invalid',
    blocks.length === 1
      ? message('runs.onlyFrozen', { name: first.name, id: first.id })
      : message('runs.allFrozen', { blocks: blocks.length, name: first.name, id: first.id }),
    { where: first.id },
  );
}
