import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Session } from '#core/backend/backend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import type { BestEpoch } from '#core/training/bestEpoch.ts';
import type { BatchSource } from '#core/training/batchSource.ts';
import type { EpochOrder } from '#core/training/sampler.ts';
import { divergedError, withKeptWeights, type KeptWeights } from '#core/training/diverged.ts';
import { LOOP_START, runLoop, type LoopOptions, type LoopPosition } from '#core/training/loop.ts';
import type { LoopPhase } from '#core/training/phases.ts';
import { message } from '#core/words/message.ts';
import { openBestKeeper, type BestKeeper } from './bestKeeper.ts';
import { openDecisionRecorder, type DecisionRecorder } from './decisionRecorder.ts';
import { saveCheckpoint, type Counters } from '../runs/checkpoint/checkpoint.ts';
import { openEventStream, type EventStream } from './eventStream.ts';
import { NO_METRICS, openMetricsWriter, type MetricsWriter } from '../runs/metrics/metricsWriter.ts';
import type { DecisionsHead } from '../runs/metrics/decisionsFormat.ts';
import { startClock, type RunClock } from './runClock.ts';
import type { ClaimedFolder } from '../runs/folder/runFolder.ts';
import { openRecorder } from './runRecorder.ts';
import type { TrainControl } from './trainControl.ts';
import type { TrainEvent } from './trainEvents.ts';

/** The counters of a run that has not started. */
export const FRESH_COUNTERS: Counters = {
  position: LOOP_START,
  metrics: NO_METRICS,
  elapsedMs: 0,
  trainedImages: 0,
  trainingMs: 0,
  dataWaitMs: 0,
};

/** What the phases of a run read, and the programs for it. */
export type RunPhases = Pick<LoopOptions, keyof LoopPhase | 'headProgram' | 'headPhase'>;

export interface TrainSessionOptions extends RunPhases {
  readonly run: ClaimedFolder;
  readonly session: Session;
  readonly settings: TrainingSettings;
  /** Order of each epoch's samples. */
  readonly order: EpochOrder;
  /** Counters of the checkpoint in the session's state, or `FRESH_COUNTERS`. */
  readonly counters: Counters;
  readonly control: TrainControl;
  readonly checkpointEveryMs: number;
  /** The validation images, whose decisions are recorded; null without validation. */
  readonly validated: DecisionsHead | null;
  readonly emit: (event: TrainEvent) => void;
}

export interface SessionEnd {
  readonly counters: Counters;
  /** Null without validation. */
  readonly best: BestEpoch | null;
}

/**
 * Trains from the given counters to the end, with checkpoints on the way, before a pause, at a stop and at the end.
 * Returns the last counters and the best epoch, or null when `control` stopped the run; the state is saved in both
 * cases. Throws `AppError`: 'diverged', or the error of a failed write; the last checkpoint then stays unchanged.
 */
export async function trainSession(options: TrainSessionOptions): Promise<SessionEnd | null> {
  const { run, counters } = options;
  const writer = await openMetricsWriter(run.files.metrics, counters.metrics);
  try {
    const { epoch } = counters.position;
    const { epochs } = options.settings;
    const decisions = await openDecisionRecorder(run, options.validated, { epoch, epochs });
    return await trainRecorded(options, writer, decisions).finally(() => decisions.close());
  } finally {
    await writer.close();
  }
}

async function trainRecorded(
  options: TrainSessionOptions,
  writer: MetricsWriter,
  decisions: DecisionRecorder,
): Promise<SessionEnd | null> {
  const { run, session, counters } = options;
  const stream = openEventStream(options.emit, writer.next);
  const clock = startClock(counters);
  const best = await openBestKeeper(run, session);
  const keeper = openKeeper(options, { best, writer, decisions, clock, stream });
  const recorder = openRecorder(session, clock, writer, stream);
  const nextCheckpointAtMs = Date.now() + options.checkpointEveryMs;
  stream.now({ type: 'phase', phase: 'running', nextCheckpointAtMs });
  const { position, finished } = await runLoop({
    ...options,
    ...timedPhases(options, clock),
    from: counters.position,
    hooks: {
      onStep: recorder.onStep,
      onEpoch: (report) => {
        recorder.onEpoch(report);
        best.onEpoch(report);
        decisions.onEpoch(report);
      },
      onValidated: decisions.onValidated,
      between: (at) => between(options, keeper, clock, stream, at),
    },
  })
    .catch(async (error: unknown) => {
      // The last events before an error are worth keeping; a full disk has already been reported.
      await writer.flush(false).catch(() => undefined);
      throw withKeptWeights(error, keeper.kept());
    })
    .finally(() => {
      stream.flush();
    });
  if (!finished) return null;
  return { counters: await keeper.save(position), best: best.best };
}

/** The phases, with the time measured that the loop waits for a training batch. */
function timedPhases(
  { train, headPhase }: RunPhases,
  clock: RunClock,
): Pick<RunPhases, 'train' | 'headPhase'> {
  return {
    train: timedSource(train, clock),
    ...(headPhase === undefined
      ? {}
      : { headPhase: { ...headPhase, train: timedSource(headPhase.train, clock) } }),
  };
}

/** The source, with the time that its reader waits measured. */
function timedSource(source: BatchSource, clock: RunClock): BatchSource {
  return {
    ...source,
    read: async (indices, epoch) => {
      const askedAt = performance.now();
      const batch = await source.read(indices, epoch);
      clock.addWait(performance.now() - askedAt);
      return batch;
    },
  };
}

const TURN_MS = 10;
const FLUSH_MS = 1000;

/** Between two steps: processes messages, saves when it is due, waits while paused; true ends the run. */
async function between(
  { control }: TrainSessionOptions,
  keeper: Keeper,
  clock: RunClock,
  stream: EventStream,
  position: LoopPosition,
): Promise<boolean> {
  if (keeper.turnIsDue()) await nextTurn();
  if (control.isPauseWanted) {
    await keeper.save(position);
    clock.pause();
    stream.now({ type: 'phase', phase: 'paused' });
    await control.untilResumed();
    clock.resume();
    if (!control.isStopWanted) stream.now({ type: 'phase', phase: 'running' });
  }
  if (control.isStopWanted) {
    await keeper.save(position);
    return true;
  }
  if (keeper.saveIsDue()) await keeper.save(position);
  else await keeper.flushWhenDue();
  clock.beginStep();
  return false;
}

/** Writes checkpoints and decides when the next one is due. */
interface Keeper {
  save(position: LoopPosition): Promise<Counters>;
  saveIsDue(): boolean;
  /** Flushes `metrics.jsonl` for its other readers, about once a second. */
  flushWhenDue(): Promise<void>;
  turnIsDue(): boolean;
  /** The state of the disk. */
  kept(): KeptWeights;
}

/** What a checkpoint keeps together with the state. */
interface Kept {
  readonly best: BestKeeper;
  readonly writer: MetricsWriter;
  readonly decisions: DecisionRecorder;
  readonly clock: RunClock;
  readonly stream: EventStream;
}

function openKeeper(
  { run, session, settings, counters, checkpointEveryMs }: TrainSessionOptions,
  { best, writer, decisions, clock, stream }: Kept,
): Keeper {
  let savedAt = performance.now();
  let turnedAt = savedAt;
  let flushedAt = savedAt;
  let last: KeptWeights['last'] = counters === FRESH_COUNTERS ? null : counters.position;
  return {
    kept: () => ({ last, bestEpoch: best.best?.epoch ?? null }),
    save: async (position) => {
      await refuseLostFolder(run);
      const counters = { position, metrics: await writer.flush(true), ...clock.totals() };
      try {
        await decisions.flush();
        // The best epoch first: a checkpoint must never be newer than the file of the best epoch.
        await best.saveNews(counters);
        await saveCheckpoint(run, session.layout, session.state, counters);
      } catch (error) {
        throw overflowed(error, position, settings);
      }
      savedAt = flushedAt = performance.now();
      last = { step: position.step, epoch: position.epoch };
      stream.now({ type: 'checkpoint', step: position.step, atMs: Date.now(), best: best.best });
      return counters;
    },
    saveIsDue: () => best.isNews() || performance.now() - savedAt >= checkpointEveryMs,
    flushWhenDue: async () => {
      if (performance.now() - flushedAt < FLUSH_MS) return;
      await refuseLostFolder(run);
      await writer.flush(false);
      flushedAt = performance.now();
    },
    turnIsDue: () => {
      if (performance.now() - turnedAt < TURN_MS) return false;
      turnedAt = performance.now();
      return true;
    },
  };
}

/** Data written into a removed folder are lost, and a new folder in its place may belong to another run. */
async function refuseLostFolder(run: ClaimedFolder): Promise<void> {
  if (await run.isHeld()) return;
  throw new AppError('run-not-found', message('runs.removed', { folder: run.path }), { where: run.path });
}

/** The loss may still be finite after an update has overflowed: such a state must not replace a good one. */
function overflowed(
  error: unknown,
  { step, epoch }: LoopPosition,
  { learningRate }: Pick<TrainingSettings, 'learningRate'>,
): unknown {
  const isOverflow = error instanceof AppError && error.code === 'diverged';
  const at = { step, epoch: epoch + 1, learningRate, baseRate: learningRate };
  return isOverflow ? divergedError(at, error) : error;
}
