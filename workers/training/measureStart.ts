import { setBatchNormPolicy, trunkNorms } from '#core/rewrites/batchNormPolicy.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import type { StateLayout } from '#core/program/stateLayout.ts';
import { networkOf } from '../compute/network.ts';
import { recalibrateModel } from '../inference/recalibrateModel.ts';
import type { PreparedRun } from './prepareRun.ts';
import { startingModel } from './startingModel.ts';
import type { TrainEvent } from './trainEvents.ts';

/**
 * Replaces the running statistics of the BatchNorm blocks before the head by exact ones over the training images, where
 * the settings say so (`startStatistics`). Each block normalizes by its batch meanwhile, also a frozen one, so that one
 * pass measures all. Returns true when it did. Throws `AppError('interrupted')`.
 */
export async function measureStart(
  { document, manifest, compute, data }: PreparedRun,
  layout: StateLayout,
  state: FloatArray,
  signal: AbortSignal,
  emit: (event: TrainEvent) => void,
): Promise<boolean> {
  if (document.training.startStatistics !== 'measured') return false;
  const norms = new Set(trunkNorms(document.graph));
  if (norms.size === 0) return false;
  const measured = { ...document, graph: setBatchNormPolicy(document.graph, 'all') };
  const model = startingModel({ document: measured, graph: networkOf(measured), manifest }, layout, state);
  const exact = await recalibrateModel(model, data.train, {
    ...{ backend: compute.backend, threads: compute.threads, signal },
    onProgress: (label, done, total) => emit({ type: 'progress', label, done, total }),
  });
  for (const { node, offset, size } of layout.statistics)
    if (norms.has(node)) state.set(exact.state.subarray(offset, offset + size), offset);
  const { averageOffset, statisticsOffset: from, statisticsSize } = layout;
  if (averageOffset !== undefined) state.copyWithin(averageOffset + from, from, from + statisticsSize);
  return true;
}
