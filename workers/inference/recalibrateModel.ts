import {
  exactStatistics,
  type ExactStatistics,
  type RelativeError,
} from '#core/batchnorm/exactStatistics.ts';
import { batchNormLayers, type BatchNormLayer } from '#core/batchnorm/layers.ts';
import type { Session } from '#core/backend/backend.ts';
import type { FloatArray } from '#core/program/floatArray.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import type { NodeId } from '#core/diagnostics/ids.ts';
import type { TrainedModel } from '#core/export/trainedModel.ts';
import type { VarianceEstimator } from '#core/program/instruction.ts';
import type { BatchSource } from '#core/training/batchSource.ts';
import { batchIndices, planEpoch, type EpochPlan } from '#core/training/epochPlan.ts';
import { preparedBySize, type PrepareBatch } from '#core/training/preparedPrograms.ts';
import { epochOrder } from '#core/training/random.ts';
import { message, type Message } from '#core/words/message.ts';
import { createPace } from '../threads/pace.ts';
import { openInference, type InferenceOptions } from './inference.ts';
import { programOf } from '../compute/network.ts';

export interface RecalibrateModelOptions extends InferenceOptions {
  /** Batches of the run's own batch size to average over; all images by default. */
  readonly batches?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (label: Message, done: number, total: number | null) => void;
}

const STOPPED = message('runs.measuringStopped');

/** Standard errors of the statistics after so many batches. */
export interface ErrorAfter extends RelativeError {
  readonly batches: number;
  readonly images: number;
}

/** Standard errors of one block's statistics after all batches of the pass that measured them. */
export interface BlockError extends RelativeError {
  readonly node: NodeId;
}

export interface RecalibratedModel {
  /** The model's state with exact statistics; everything else is unchanged, bit for bit. */
  readonly state: FloatArray;
  readonly batches: number;
  /** Batches of a pass over all images. */
  readonly ofBatches: number;
  readonly images: number;
  /** Number of blocks measured. Frozen blocks never read their batch and keep their statistics. */
  readonly layers: number;
  /** Passes over the images. */
  readonly passes: number;
  /** After 2, 4, 8, … batches and after all of them, in the last pass. Empty for a single batch. */
  readonly errors: readonly ErrorAfter[];
  /** Of each block measured. Empty for a single batch. */
  readonly blockErrors: readonly BlockError[];
}

/**
 * Measures the exact statistics of a network over `source`, with its present weights. Blocks that normalize by their
 * batch, in groups or not, do so here too: no input depends on stored statistics, and one pass measures them all. A
 * block that training normalizes by stored statistics and still updates, or that uses batch renormalization, computes
 * here with its stored statistics. Its exact statistics depend on those of the blocks before it, so each such block has
 * a pass of its own, in order, and the others are measured in the last pass. Frozen blocks keep their statistics.
 * Throws `AppError('interrupted')`.
 */
export async function recalibrateModel(
  model: TrainedModel,
  source: BatchSource,
  options: RecalibrateModelOptions = {},
): Promise<RecalibratedModel> {
  const { training } = model.document;
  const program = programOf(model.graph, training, model.preprocessing, 'calibrate');
  const layers = batchNormLayers(program);
  const rounds = passesFor(layers);
  const inference = openInference(model, 1, options);
  try {
    const { session } = inference;
    const pass: Pass = {
      ...{ model, source, session, layers, options },
      prepare: preparedBySize(session, program),
      plan: planEpoch(source.size, training.batchSize, 'merge'),
      order: epochOrder(source.size, training.seed, 0, true),
    };
    let last: Measured | null = null;
    const blockErrors: BlockError[] = [];
    for (const [index, settled] of rounds.entries()) {
      last = await measure(pass, passLabel(index + 1, rounds.length));
      const { exact } = last;
      exact.store(session.state, (layer) => estimatorOf(model, layer.node), settled);
      if (exact.batches > 1)
        blockErrors.push(...settled.map((layer) => ({ node: layer.node, ...exact.error([layer]) })));
    }
    const { batches, images, errors } = must(last, 'pass');
    const state = model.state.slice();
    const { statisticsOffset: from, statisticsSize } = model.layout;
    state.set(session.state.subarray(from, from + statisticsSize), from);
    return {
      ...{ state, batches, ofBatches: pass.plan.batches, images, errors, blockErrors },
      ...{ layers: layers.length, passes: rounds.length },
    };
  } finally {
    inference.close();
  }
}

/** The blocks whose statistics each pass measures. */
export function passesFor(layers: readonly BatchNormLayer[]): readonly (readonly BatchNormLayer[])[] {
  const leaning = layers.filter(({ leansOnStored }) => leansOnStored);
  const others = layers.filter(({ leansOnStored }) => !leansOnStored);
  const passes = leaning.map((layer) => [layer]);
  return others.length > 0 || passes.length === 0 ? [...passes, others] : passes;
}

interface Pass {
  readonly model: TrainedModel;
  readonly source: BatchSource;
  readonly session: Session;
  readonly layers: readonly BatchNormLayer[];
  readonly options: RecalibrateModelOptions;
  readonly prepare: PrepareBatch;
  readonly plan: EpochPlan;
  readonly order: Uint32Array;
}

interface Measured {
  readonly exact: ExactStatistics;
  readonly batches: number;
  readonly images: number;
  readonly errors: readonly ErrorAfter[];
}

function passLabel(pass: number, passes: number): Message {
  return passes === 1 ? message('work.measuring') : message('work.measuringPass', { pass, passes });
}

/** One pass over the images; `label` names its progress. */
async function measure({ session, layers, options, ...pass }: Pass, label: Message): Promise<Measured> {
  const steps = Math.min(pass.plan.batches, options.batches ?? Infinity);
  const exact = exactStatistics(session.layout, layers, session.state);
  const pace = createPace(options.signal, undefined, STOPPED);
  const errors: ErrorAfter[] = [];
  let images = 0;
  for (let step = 0; step < steps; step += 1) {
    await pace.tick(step, steps);
    const batch = await pass.source.read(batchIndices(pass.plan, pass.order, step));
    const prepared = pass.prepare(batch.count);
    prepared.run(batch, { learningRate: 0, step: 1, randomKey: 0 });
    if (!prepared.batchStatistics.every(Number.isFinite)) throw notFinite();
    exact.add(prepared.batchStatistics, batch.count);
    images += batch.count;
    const batches = step + 1;
    if (batches > 1 && (isPowerOfTwo(batches) || batches === steps))
      errors.push({ batches, images, ...exact.error() });
    options.onProgress?.(label, batches, steps);
  }
  await pace.settle();
  return { exact, batches: exact.batches, images, errors };
}

function isPowerOfTwo(value: number): boolean {
  return Number.isInteger(Math.log2(value));
}

function notFinite(): AppError {
  return new AppError('diverged', message('runs.statisticsNotFinite'));
}

function estimatorOf(model: TrainedModel, node: string): VarianceEstimator {
  const block = model.graph.order.find(({ id }) => id === node);
  return must(block, `block ${node}`).params.variance === 'biased' ? 'biased' : 'unbiased';
}
