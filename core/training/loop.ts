import type { PreparedProgram, Session } from '../backend/backend.ts';
import { AppError } from '../diagnostics/appError.ts';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import type { Program } from '../program/program.ts';
import type { BatchSource } from './batchSource.ts';
import { batchIndices, planEpoch, type EpochPlan } from './epochPlan.ts';
import { batchNormLayers } from '../batchnorm/layers.ts';
import { explainFailedStep, rememberingSource } from './badBatch.ts';
import { evaluateSource } from './evaluate.ts';
import { addBatch, meansOf, NO_TOTALS, type Totals } from './metrics.ts';
import { preparedBySize, type PrepareBatch } from './preparedPrograms.ts';
import { stepKey } from './random.ts';
import type { EpochOrder } from './sampler.ts';
import { learningRateAt } from './schedule.ts';

export interface LossAndAccuracy {
  readonly loss: number;
  readonly accuracy: number;
}

/**
 * Where a run stands, apart from the session's state: plain data, and with that state all that a resumed run needs, since the
 * order of the images, the random draws and the learning rate follow from the settings and these counters.
 */
export interface LoopPosition {
  /** Epochs that are trained, validated and reported. */
  readonly epoch: number;
  /** Batches done of the epoch under way; all of them while its validation is still to come. */
  readonly batch: number;
  /** Updates done since the start of the run. */
  readonly step: number;
  /** Of the epoch under way. */
  readonly totals: Totals;
  /** Means of the last finished epoch; validation is null without validation images. */
  readonly lastEpoch: { readonly train: LossAndAccuracy; readonly validation: LossAndAccuracy | null } | null;
}

export const LOOP_START: LoopPosition = { epoch: 0, batch: 0, step: 0, totals: NO_TOTALS, lastEpoch: null };

export interface StepReport {
  /** Number of this update, from 1. */
  readonly step: number;
  /** Epochs done with it, a fraction within one. */
  readonly epoch: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly learningRate: number;
  readonly samples: number;
  /** What ran, for its batch statistics; lent until the callback returns. */
  readonly prepared: PreparedProgram;
}

export interface EpochReport extends LossAndAccuracy {
  /** Number of the finished epoch, from 1. */
  readonly epoch: number;
  readonly step: number;
  readonly validation: LossAndAccuracy | null;
  readonly learningRate: number;
}

export interface LoopHooks {
  /** Called before every step and every validation batch, when position and state agree: the place to save, wait, or stop (true). */
  between(position: LoopPosition): Promise<boolean>;
  onStep(report: StepReport): void;
  onEpoch(report: EpochReport): void;
}

export interface LoopOptions {
  readonly session: Session;
  readonly settings: TrainingSettings;
  readonly trainProgram: Program;
  /** Compiled in 'evaluate' mode: validation never touches the state. */
  readonly evaluateProgram: Program;
  readonly train: BatchSource;
  readonly validation: BatchSource | null;
  /** Order of each epoch's samples, as long as `train.size`; `openSampler` makes it. */
  readonly order: EpochOrder;
  readonly from: LoopPosition;
  readonly hooks: LoopHooks;
}

/**
 * Trains from `from` to the end of the last epoch, or until `between` says stop. Gives where it ended and whether that is the end
 * of the run. Throws `AppError('diverged')` at the first loss that is not finite, the state being of no use then; where BatchNorm
 * statistics are the first numbers that are not finite, it names the block and the pictures, and the state is that before the step.
 */
export async function runLoop(options: LoopOptions): Promise<{ position: LoopPosition; finished: boolean }> {
  const { source, last } = rememberingSource(options.train);
  const run = openRun({ ...options, train: source });
  let position = options.from;
  try {
    while (position.epoch < options.settings.epochs) {
      const next =
        position.batch < run.plan.steps ? await trainBatch(run, position) : await closeEpoch(run, position);
      if (next === null) return { position, finished: false };
      position = next;
    }
  } catch (error) {
    throw await explainFailedStep({
      ...{ error, source, last: last(), step: position.step + 1, epoch: position.epoch + 1 },
      learningRate: learningRateAt(options.settings, position.step, run.plan.steps, run.totalSteps),
      ...{ layers: batchNormLayers(run.trainProgram), layout: run.session.layout },
      statisticsOf: (batch) => run.prepareTrain(batch).batchStatistics,
      evaluate: run.prepareEvaluate,
    });
  }
  return { position, finished: true };
}

interface Run extends LoopOptions {
  readonly plan: EpochPlan;
  readonly totalSteps: number;
  readonly prepareTrain: PrepareBatch;
  readonly prepareEvaluate: PrepareBatch;
  orderOf(epoch: number): Uint32Array;
}

function openRun(options: LoopOptions): Run {
  const { settings, session, train } = options;
  const plan = planEpoch(train.size, settings.batchSize, settings.remainder);
  let cached: { epoch: number; order: Uint32Array } | null = null;
  return {
    ...options,
    plan,
    totalSteps: plan.steps * settings.epochs,
    prepareTrain: preparedBySize(session, options.trainProgram),
    prepareEvaluate: preparedBySize(session, options.evaluateProgram),
    orderOf: (epoch) => {
      if (cached?.epoch !== epoch) cached = { epoch, order: options.order(epoch) };
      return cached.order;
    },
  };
}

/** One update; null when `between` stopped the run before it. */
async function trainBatch(run: Run, position: LoopPosition): Promise<LoopPosition | null> {
  if (await run.hooks.between(position)) return null;
  const { settings, plan, train } = run;
  const order = run.orderOf(position.epoch);
  const batch = await train.read(batchIndices(plan, order, position.batch), position.epoch);
  prefetchNext(run, position);

  const prepared = run.prepareTrain(batch.count);
  const learningRate = learningRateAt(settings, position.step, plan.steps, run.totalSteps);
  const randomKey = stepKey(settings.seed, position.step);
  prepared.run(batch, { learningRate, step: position.step + 1, randomKey });

  const step = position.step + 1;
  if (!Number.isFinite(prepared.loss())) throw divergedError(step, position.epoch + 1, learningRate);
  run.hooks.onStep({
    step,
    epoch: position.epoch + (position.batch + 1) / plan.steps,
    loss: prepared.loss(),
    accuracy: prepared.correct() / batch.count,
    learningRate,
    samples: batch.count,
    prepared,
  });
  const totals = addBatch(position.totals, prepared, batch.count);
  return { ...position, batch: position.batch + 1, step, totals };
}

/** The batch after this one, be it the first of the next epoch. */
function prefetchNext(run: Run, { epoch, batch }: LoopPosition): void {
  const isLast = batch + 1 === run.plan.steps;
  const next = isLast ? { epoch: epoch + 1, batch: 0 } : { epoch, batch: batch + 1 };
  if (next.epoch === run.settings.epochs) return;
  run.train.prefetch(batchIndices(run.plan, run.orderOf(next.epoch), next.batch), next.epoch);
}

/** Validates and reports the epoch whose batches are all done; null when `between` stopped the run in it. */
async function closeEpoch(run: Run, position: LoopPosition): Promise<LoopPosition | null> {
  const validation = await validate(run, position);
  if (validation === 'stopped') return null;
  const train = meansOf(position.totals);
  const learningRate = learningRateAt(run.settings, position.step - 1, run.plan.steps, run.totalSteps);
  const epoch = position.epoch + 1;
  run.hooks.onEpoch({ epoch, step: position.step, ...train, validation, learningRate });
  return { epoch, batch: 0, step: position.step, totals: NO_TOTALS, lastEpoch: { train, validation } };
}

async function validate(run: Run, position: LoopPosition): Promise<LossAndAccuracy | null | 'stopped'> {
  const source = run.validation;
  if (source === null || source.size === 0) return null;
  const totals = await evaluateSource({
    prepared: run.prepareEvaluate(Math.min(run.settings.batchSize, source.size)),
    source,
    isCancelled: () => run.hooks.between(position),
  });
  return totals === null ? 'stopped' : meansOf(totals);
}

/**
 * The error of a run whose numbers left the finite range at update `step` (from 1) of `epoch` (from 1); `learningRate` is that
 * step's.
 */
export function divergedError(step: number, epoch: number, learningRate: number, cause?: unknown): AppError {
  const rate = Number(learningRate.toPrecision(3));
  return new AppError(
    'diverged',
    `Training diverged at step ${step} (epoch ${epoch}): numbers grew beyond what can be computed with, at learning rate ${rate}; ` +
      `try a rate of ${Number((learningRate / 10).toPrecision(2))}, a longer warm-up, or batch normalization. ` +
      'The last good checkpoint is kept.',
    cause === undefined ? {} : { cause },
  );
}
