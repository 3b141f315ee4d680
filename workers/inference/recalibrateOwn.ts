import type { NormStatistics } from '#core/contract/normStatistics.ts';
import type { CheckpointChoice } from '#core/training/bestEpoch.ts';
import { message } from '#core/words/message.ts';
import { createPace } from '../threads/pace.ts';
import { evaluateModel } from './evaluateRun.ts';
import { writeExactStatistics } from '../runs/checkpoint/exactStatisticsFile.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import { readNormStatistics } from '../runs/checkpoint/normStatistics.ts';
import { recalibrateModel } from './recalibrateModel.ts';
import { refuseUnmeasurable, statisticsOf } from './recalibrateRun.ts';
import { whileLocked } from '../runs/folder/runFolder.ts';
import { passOf } from './statisticsPass.ts';
import { openRunData, type RunDataOptions } from '../runs/data/runData.ts';

interface RecalibrateOwnOptions extends RunDataOptions {
  /** Batches of the run's own batch size to pool; null: all images. */
  readonly batches: number | null;
  /** The last checkpoint by default. */
  readonly checkpoint?: CheckpointChoice;
}

/**
 * Writes exact statistics over the images that a run was trained on into its checkpoint, as `recalibrateRun` does for a
 * folder. Images set apart for validation are not measured; they are used to compare loss and accuracy before and
 * after. The file is written last: an error or a stop before that leaves it unchanged. Throws `AppError`: those of
 * `loadRun` and `openRunData`, 'graph-invalid' for a network without a block to measure, 'run-busy', 'interrupted'.
 */
export function recalibrateOwn(folder: string, options: RecalibrateOwnOptions): Promise<NormStatistics> {
  return whileLocked(folder, () => recalibrateLocked(folder, options));
}

async function recalibrateLocked(folder: string, options: RecalibrateOwnOptions): Promise<NormStatistics> {
  const { batches, checkpoint, ...rest } = options;
  const { run, model, weights, which } = await loadRun(folder, undefined, checkpoint);
  refuseUnmeasurable(model);
  const data = await openRunData(folder, rest);
  try {
    const judge = data.validation ?? data.train;
    const before = await evaluateModel(model, judge, rest);
    const exact = await recalibrateModel(model, data.train, {
      ...rest,
      ...(batches === null ? {} : { batches }),
    });
    const after = await evaluateModel({ ...model, state: exact.state }, judge, rest);
    const pass = passOf(exact, 'training', {
      on: data.validation === null ? 'train' : 'validation',
      before,
      after,
    });
    const found = { statistics: statisticsOf(model, exact.state), pass };
    await createPace(options.signal, undefined, message('runs.recalibrationCancelled')).settle();
    await writeExactStatistics(run, model.layout, () => model.state.slice(), weights, found, which);
    return await readNormStatistics(folder, weights, which);
  } finally {
    await data.close();
  }
}

/**
 * Restores the moving averages bit for bit; changes nothing where there are no exact statistics. Throws `AppError` as
 * `loadRun` does.
 */
export function undoRecalibration(folder: string, checkpoint?: CheckpointChoice): Promise<NormStatistics> {
  return whileLocked(folder, async () => {
    const { run, model, weights, which } = await loadRun(folder, undefined, checkpoint);
    await writeExactStatistics(run, model.layout, () => model.state.slice(), weights, null, which);
    return readNormStatistics(folder, weights, which);
  });
}
