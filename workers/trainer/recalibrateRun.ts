import { exactStatistics } from '#core/batchnorm/exactStatistics.ts';
import { batchNormLayers } from '#core/batchnorm/layers.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { FloatArray } from '#core/backend/backend.ts';
import type { VarianceEstimator } from '#core/program/instruction.ts';
import type { BatchSource } from '#core/training/batchSource.ts';
import { batchIndices, planEpoch } from '#core/training/epochPlan.ts';
import { preparedBySize } from '#core/training/preparedPrograms.ts';
import { epochOrder } from '#core/training/random.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import { openLabHome } from '../host/labHome.ts';
import { loadCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { evaluateModel, type EvaluateOptions } from './evaluateRun.ts';
import { openInference, type InferenceOptions } from './inference.ts';
import { loadRun } from './loadModel.ts';
import { programOf } from './network.ts';
import { openLabelled } from './prepareData.ts';

export interface RecalibrateOptions extends Omit<EvaluateOptions, 'batch'> {
  /** Batches of the run's own batch size to average over; all images by default. */
  readonly batches?: number;
}

export interface Recalibration {
  /** On the images given, with the moving averages (or what stood there before) and with the exact statistics. */
  readonly before: { readonly loss: number | null; readonly accuracy: number };
  readonly after: { readonly loss: number | null; readonly accuracy: number };
  readonly batches: number;
  readonly images: number;
  readonly layers: number;
}

/**
 * Replaces the moving averages of a run's BatchNorm blocks by exact statistics over the given images, and writes them into the
 * checkpoint; the moving averages stay beside them, so that training can still be resumed. The weights stay as they are and every
 * block normalizes by its batch, as in training: so no block's input depends on stored statistics, and one pass over the images
 * serves all blocks together. Batches are shuffled, and what does not fill the last one joins it. Throws `AppError`: those of
 * `loadTrainedModel` and of the folder, 'graph-invalid' for a network without such blocks, 'interrupted'.
 */
export async function recalibrateRun(options: RecalibrateOptions): Promise<Recalibration> {
  const { run, checkpoint, model } = await loadRun(options.run);
  refuseStored(model);
  const data = await openLabelled(options.data, model.classNames, {
    target: model.preprocessing,
    cacheFolder: options.cacheFolder ?? openLabHome().cache,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
  });
  try {
    const before = await evaluateModel(model, data, options);
    const exact = await recalibrateModel(model, data, options);
    const after = await evaluateModel({ ...model, state: exact.state }, data, options);
    const moving = model.state.slice();
    await loadCheckpoint(run, model.layout, moving, 'training');
    const averages = statisticsOf(model, moving);
    await saveCheckpoint(run, model.layout, exact.state, checkpoint.counters, averages);
    const short = ({ loss, accuracy }: typeof before): Recalibration['before'] => ({ loss, accuracy });
    const { batches, images, layers } = exact;
    return { before: short(before), after: short(after), batches, images, layers };
  } finally {
    await data.close();
  }
}

/** The state of a network with exact statistics over `source`, and over how many batches and images they were taken. */
export async function recalibrateModel(
  model: TrainedModel,
  source: BatchSource,
  options: InferenceOptions & Pick<RecalibrateOptions, 'batches' | 'signal' | 'onProgress'> = {},
): Promise<{ state: FloatArray; batches: number; images: number; layers: number }> {
  const { training } = model.document;
  const plan = planEpoch(source.size, training.batchSize, 'merge');
  const steps = Math.min(plan.steps, options.batches ?? Infinity);
  const order = epochOrder(source.size, training.seed, 0, true);
  const program = programOf(model.graph, training, model.preprocessing, 'calibrate');
  const layers = batchNormLayers(program);
  const exact = exactStatistics(model.layout, layers);
  const inference = openInference(model, 1, options);
  try {
    const prepare = preparedBySize(inference.session, program);
    let images = 0;
    for (let step = 0; step < steps; step += 1) {
      if (options.signal?.aborted === true) throw new AppError('interrupted', 'Recalibration was stopped.');
      const batch = await source.read(batchIndices(plan, order, step));
      const prepared = prepare(batch.count);
      prepared.run(batch, { learningRate: 0, step: 1, randomKey: 0 });
      exact.add(prepared.batchStatistics, batch.count);
      images += batch.count;
      options.onProgress?.('Measuring statistics', step + 1, steps);
    }
    const state = model.state.slice();
    exact.store(state, (layer) => estimatorOf(model, layer.node));
    return { state, batches: exact.batches, images, layers: layers.length };
  } finally {
    inference.close();
  }
}

function estimatorOf(model: TrainedModel, node: string): VarianceEstimator {
  const block = model.graph.order.find(({ id }) => id === node);
  return must(block, `block ${node}`).params.variance === 'biased' ? 'biased' : 'unbiased';
}

function statisticsOf({ layout }: TrainedModel, state: FloatArray): FloatArray {
  return state.slice(layout.statisticsOffset, layout.statisticsOffset + layout.statisticsSize);
}

/** A block that normalizes by stored statistics in training too has weights fitted to exactly those. */
function refuseStored(model: TrainedModel): void {
  const blocks = model.graph.order.filter(({ definition }) => definition.kind === 'batchNorm');
  if (blocks.length === 0) {
    throw new AppError(
      'graph-invalid',
      'The network has no BatchNorm block, so it has no statistics to recalibrate.',
    );
  }
  const stored = blocks.find(({ params }) => params.normalizeBy === 'stored');
  if (stored === undefined) return;
  throw new AppError(
    'graph-invalid',
    `“${stored.name}” (${stored.id}) was trained with its stored statistics, and other ones would change what the network has ` +
      'learned; only networks whose BatchNorm blocks normalize by the batch can be recalibrated.',
    { where: stored.id },
  );
}
