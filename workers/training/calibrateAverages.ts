import type { FloatArray } from '#core/program/floatArray.ts';
import { measuresBatch } from '#core/export/batchNormFacts.ts';
import { writeExactStatistics } from '../runs/checkpoint/exactStatisticsFile.ts';
import { loadRun } from '../runs/checkpoint/loadModel.ts';
import type { PreparedRun } from './prepareRun.ts';
import { recalibrateModel } from '../inference/recalibrateModel.ts';
import { passOf } from '../inference/statisticsPass.ts';
import type { TrainEvent } from './trainEvents.ts';

/**
 * Ends a run that averages its weights: takes exact BatchNorm statistics for the averages over the training images as
 * they are, since averaged statistics are those of other weights, and puts them into the checkpoint. Does nothing
 * without averages, or where no block has statistics to measure. Throws `AppError('interrupted')` when stopped; the
 * averaged statistics then stand.
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
