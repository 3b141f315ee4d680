import type { FloatArray } from '#core/program/floatArray.ts';
import { measuresBatch } from '#core/export/batchNormFacts.ts';
import { writeExactStatistics } from '../runs/checkpoint/exactStatisticsFile.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import type { PreparedRun } from './prepareRun.ts';
import { recalibrateModel } from '../inference/recalibrateModel.ts';
import { passOf } from '../inference/statisticsPass.ts';
import type { TrainEvent } from './trainEvents.ts';

/**
 * The last stage of a run with averaged weights. It measures exact BatchNorm statistics for the averaged weights over
 * the training images without augmentation and writes them into the checkpoint, since averaged statistics belong to
 * other weights. Does nothing without averaged weights, or where no block has statistics to measure. Throws
 * `AppError('interrupted')` when stopped; the averaged statistics then stay.
 */
export async function calibrateAverages(
  { run, data, compute, document }: PreparedRun,
  state: FloatArray,
  signal: AbortSignal,
  emit: (event: TrainEvent) => void,
): Promise<void> {
  if (document.training.averaging.kind === 'none') return;
  const { model } = await loadRun(run.path, 'ema');
  if (!model.graph.order.some(measuresBatch)) return;
  const { backend, threads } = compute;
  const exact = await recalibrateModel(model, data.train, {
    ...{ backend, threads, signal },
    onProgress: (label, done, total) => emit({ type: 'progress', label, done, total }),
  });
  const { statisticsOffset, statisticsSize } = model.layout;
  const statistics = exact.state.slice(statisticsOffset, statisticsOffset + statisticsSize);
  const found = { statistics, pass: passOf(exact, 'training', null) };
  await writeExactStatistics(run, model.layout, () => state.slice(), 'ema', found);
}
