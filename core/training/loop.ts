import type { PreparedProgram, Session } from '../backend/backend.ts';
import { must } from '../diagnostics/invariantError.ts';
import type { TrainingSettings } from '../document/trainingSettings.ts';
import type { FloatArray } from '../program/floatArray.ts';
import { CROSS_ENTROPY, type LossPlan } from '../program/loss.ts';
import type { Program } from '../program/program.ts';
import { batchNormLayers } from '../batchnorm/layers.ts';
import { explainFailedStep } from './badBatch.ts';
import { batchesOfUpdate, batchIndices, planEpoch, type EpochPlan } from './epochPlan.ts';
import { StatisticsNotFinite } from '../batchnorm/finiteStatistics.ts';
import { divergedError, gradientError, type DivergedAt } from './diverged.ts';
import { evaluateSource, type EvaluationOptions } from './evaluate.ts';
import { headEpochsOf } from './headPhase.ts';
import { addTotals, meansOf, NO_TOTALS, type Totals } from './metrics.ts';
import { openPhases, type LoopPhase, type OpenPhase } from './phases.ts';
import type { PrepareBatch } from './preparedPrograms.ts';
import { stepKey } from './random.ts';
import type { EpochOrder } from './sampler.ts';
import { learningRateAt } from './schedule.ts';
import { trainUpdate, type UpdateBatch } from './trainUpdate.ts';

interface LossAndAccuracy {
  readonly loss: number;
  readonly accuracy: number;
}

/**
 * The position of a run, without the session's state, as plain data. Together with that state it is all that a resumed
 * run needs: the order of the images, the random draws and the learning rate follow from the settings and these
 * counters.
 */
export interface LoopPosition {
  /** Epochs that are trained, validated and reported. */
  readonly epoch: number;
  /** Batches done in the current epoch; all of them while its validation has not finished. */
  readonly batch: number;
  /** Updates done since the start of the run. */
  readonly step: number;
  /** Totals of the current epoch. */
  readonly totals: Totals;
  /** Means of the last finished epoch; validation is null without validation images. */
  readonly lastEpoch: { readonly train: LossAndAccuracy; readonly validation: LossAndAccuracy | null } | null;
}

export const LOOP_START: LoopPosition = { epoch: 0, batch: 0, step: 0, totals: NO_TOTALS, lastEpoch: null };

export interface StepReport {
  /** Number of this update, from 1. */
  readonly step: number;
  /** Epochs done, including this update; a fraction within an epoch. */
  readonly epoch: number;
  /** Not finite in an update that ends the run. */
  readonly loss: number;
  /** NaN where the update ended before it was computed. */
  readonly accuracy: number;
  readonly learningRate: number;
  readonly samples: number;
  /** Norm of the whole gradient before clipping; NaN without clipping. */
  readonly gradientNorm: number;
  /** The program that ran last, for its batch statistics; valid until the callback returns. */
  readonly prepared: PreparedProgram;
  readonly program: Program;
}

export interface EpochReport extends LossAndAccuracy {
  /** Number of the finished epoch, from 1. */
  readonly epoch: number;
  readonly step: number;
  readonly validation: LossAndAccuracy | null;
  /** Validation of the raw weights, where they are validated beside their averages. */
  readonly rawValidation: LossAndAccuracy | null;
  readonly learningRate: number;
}

interface LoopHooks {
  /**
   * Called before every step and every validation batch, when position and state agree. The hook can save, wait, or
   * stop the run by returning true.
   */
  between(position: LoopPosition): Promise<boolean>;
  onStep(report: StepReport): void;
  onEpoch(report: EpochReport): void;
  /**
   * Called after each validation batch of the weights that count: its logits `[count, logitCount]`, valid until the
   * callback returns, and the number of images validated so far in this epoch.
   */
  onValidated?(logits: FloatArray, done: number): void;
}

/** What the epochs read, and the programs for it; in a run without a head phase, in all of them. */
export interface LoopOptions extends LoopPhase {
  readonly session: Session;
  readonly settings: TrainingSettings;
  /**
   * The training program of the first `headEpochs` epochs, over the same state; required where the settings have any:
   * `headPhaseGraph`.
   */
  readonly headProgram?: Program;
  /** The rest of that phase, where it differs from the later one. */
  readonly headPhase?: Omit<LoopPhase, 'trainProgram'>;
  /** Order of each epoch's samples, of length `train.size`; from `openSampler`. */
  readonly order: EpochOrder;
  readonly from: LoopPosition;
  readonly hooks: LoopHooks;
}

/**
 * Trains from `from` to the end of the last epoch, or until `between` stops it. Returns the position at the end, and
 * whether the run is finished. Throws `AppError('diverged')` at the first loss that is not finite; the state is then
 * useless. Where BatchNorm statistics are the first values that are not finite, the error names the block and the
 * images, and the state is that before the step.
 */
export async function runLoop(options: LoopOptions): Promise<{ position: LoopPosition; finished: boolean }> {
  const run = openRun(options);
  let position = options.from;
  try {
    while (position.epoch < options.settings.epochs) {
      const next =
        position.batch < run.plan.batches ? await trainNext(run, position) : await closeEpoch(run, position);
      if (next === null) return { position, finished: false };
      position = next;
    }
  } catch (error) {
    const at = divergedAt(run, position);
    const { program, prepare, prepareEvaluate, train, last } = run.phaseIn(position.epoch);
    const batch = last()?.indices.length;
    if (error instanceof StatisticsNotFinite && batch !== undefined) reportLost(run, position, batch);
    throw await explainFailedStep({
      ...{ error, source: train, last: last(), ...at },
      ...{ layers: batchNormLayers(program), layout: run.session.layout },
      statisticsOf: (batch) => prepare(batch).batchStatistics,
      evaluate: prepareEvaluate,
    });
  }
  return { position, finished: true };
}

interface Run extends Omit<LoopOptions, keyof LoopPhase> {
  readonly plan: EpochPlan;
  readonly totalSteps: number;
  readonly loss: Pick<LossPlan, 'classWeights'>;
  orderOf(epoch: number): Uint32Array;
  /** The phase of an epoch, from 0. */
  phaseIn(epoch: number): OpenPhase;
}

function openRun(options: LoopOptions): Run {
  const { settings, session, train } = options;
  const plan = planEpoch(train.size, settings.batchSize, settings.remainder, settings.accumulate);
  const { headProgram: trainProgram, headPhase } = options;
  const head = trainProgram === undefined ? null : { ...options, ...headPhase, trainProgram };
  let cached: { epoch: number; order: Uint32Array } | null = null;
  return {
    ...options,
    plan,
    totalSteps: plan.updates * settings.epochs,
    loss: lossOf(options.trainProgram),
    phaseIn: openPhases(session, (epoch) =>
      epoch < headEpochsOf(settings) ? must(head, 'program of the head') : options,
    ),
    orderOf: (epoch) => {
      if (cached?.epoch !== epoch) cached = { epoch, order: options.order(epoch) };
      return cached.order;
    },
  };
}

/** The training loss, for its class weights. */
function lossOf({ instructions }: Program): Pick<LossPlan, 'classWeights'> {
  return instructions.find((instruction) => instruction.op === 'lossForward') ?? CROSS_ENTROPY;
}

/** Runs one update; null when `between` stopped the run before it. A stop within an update takes effect at its end. */
async function trainNext(run: Run, position: LoopPosition): Promise<LoopPosition | null> {
  if (await run.hooks.between(position)) return null;
  const { settings, plan } = run;
  const step = position.step + 1;
  const learningRate = learningRateAt(settings, position.step, plan.updates, run.totalSteps);
  const { first, end } = batchesOfUpdate(plan, position.batch);
  const numbers = Array.from({ length: end - first }, (_, index) => first + index);
  const { program, prepare } = run.phaseIn(position.epoch);
  const { totals, gradientNorm, prepared } = await trainUpdate({
    prepare,
    batches: numbers.map((batch) => updateBatch(run, position.epoch, batch)),
    loss: run.loss,
    accumulates: settings.accumulate > 1,
    learningRate,
    step,
  });
  const { loss, accuracy } = meansOf(totals);
  // A failed step is reported as well, so that the user sees it.
  run.hooks.onStep({
    ...{ step, loss, accuracy, learningRate, gradientNorm, prepared, program },
    epoch: position.epoch + end / plan.batches,
    samples: totals.samples,
  });
  if (!Number.isFinite(loss)) throw divergedError(divergedAt(run, position));
  if (settings.clipping.kind !== 'none' && !Number.isFinite(gradientNorm))
    throw gradientError(divergedAt(run, position));
  return { ...position, batch: end, step, totals: addTotals(position.totals, totals) };
}

/** The update after `position`. */
function divergedAt(run: Run, { step, epoch }: LoopPosition): DivergedAt {
  const { settings, plan, totalSteps } = run;
  return {
    ...{ step: step + 1, epoch: epoch + 1, baseRate: settings.learningRate },
    learningRate: learningRateAt(settings, step, plan.updates, totalSteps),
  };
}

/** Reports an update that ended before its loss was computed: loss and accuracy are unknown. */
function reportLost(run: Run, position: LoopPosition, batch: number): void {
  const { step, learningRate } = divergedAt(run, position);
  const { end } = batchesOfUpdate(run.plan, position.batch);
  const { program, prepare } = run.phaseIn(position.epoch);
  run.hooks.onStep({
    ...{ step, learningRate, samples: batch, loss: NaN, accuracy: NaN, gradientNorm: NaN },
    ...{ epoch: position.epoch + end / run.plan.batches, prepared: prepare(batch), program },
  });
}

function updateBatch(run: Run, epoch: number, batch: number): UpdateBatch {
  const { plan, settings } = run;
  const indices = batchIndices(plan, run.orderOf(epoch), batch);
  const before = epoch * plan.batches + batch;
  return {
    number: before + 1,
    randomKey: stepKey(settings.seed, before),
    read: async () => {
      const images = await run.phaseIn(epoch).train.read(indices, epoch);
      prefetchNext(run, epoch, batch);
      return images;
    },
  };
}

/** Prefetches the batch after this one, which may be the first of the next epoch. */
function prefetchNext(run: Run, epoch: number, batch: number): void {
  const isLast = batch + 1 === run.plan.batches;
  const next = isLast ? { epoch: epoch + 1, batch: 0 } : { epoch, batch: batch + 1 };
  // Another phase may read from elsewhere, and its programs are not to be prepared yet.
  const isNewPhase = isLast && next.epoch === headEpochsOf(run.settings);
  if (next.epoch === run.settings.epochs || isNewPhase) return;
  run
    .phaseIn(next.epoch)
    .train.prefetch(batchIndices(run.plan, run.orderOf(next.epoch), next.batch), next.epoch);
}

/** Validates and reports the epoch whose batches are all done; null when `between` stopped the run meanwhile. */
async function closeEpoch(run: Run, position: LoopPosition): Promise<LoopPosition | null> {
  const { prepareEvaluate, prepareRaw } = run.phaseIn(position.epoch);
  const validation = await validate(run, position, prepareEvaluate, (logits, _labels, done) =>
    run.hooks.onValidated?.(logits, done),
  );
  if (validation === 'stopped') return null;
  const rawValidation = prepareRaw === null ? null : await validate(run, position, prepareRaw);
  if (rawValidation === 'stopped') return null;
  const train = meansOf(position.totals);
  const learningRate = learningRateAt(run.settings, position.step - 1, run.plan.updates, run.totalSteps);
  const epoch = position.epoch + 1;
  run.hooks.onEpoch({ epoch, step: position.step, ...train, validation, rawValidation, learningRate });
  return { epoch, batch: 0, step: position.step, totals: NO_TOTALS, lastEpoch: { train, validation } };
}

async function validate(
  run: Run,
  position: LoopPosition,
  prepare: PrepareBatch,
  onBatch?: EvaluationOptions['onBatch'],
): Promise<LossAndAccuracy | null | 'stopped'> {
  const source = run.phaseIn(position.epoch).validation;
  if (source === null || source.size === 0) return null;
  const totals = await evaluateSource({
    prepared: prepare(Math.min(run.settings.batchSize, source.size)),
    source,
    between: () => run.hooks.between(position),
    ...(onBatch === undefined ? {} : { onBatch }),
  });
  return totals === null ? 'stopped' : meansOf(totals);
}
