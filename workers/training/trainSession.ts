import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Session } from '#core/backend/backend.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import type { TrainingSettings } from '#core/document/trainingSettings.ts';
import type { BestEpoch } from '#core/training/bestEpoch.ts';
import type { Program } from '#core/program/program.ts';
import type { BatchSource } from '#core/training/batchSource.ts';
import type { EpochOrder } from '#core/training/sampler.ts';
import { divergedError, withKeptWeights, type KeptWeights } from '#core/training/diverged.ts';
import { LOOP_START, runLoop, type LoopPosition } from '#core/training/loop.ts';
import { message } from '#core/words/message.ts';
import { openBestKeeper, type BestKeeper } from './bestKeeper.ts';
import { saveCheckpoint, type Counters } from '../runs/checkpoint/checkpoint.ts';
import { openEventStream, type EventStream } from './eventStream.ts';
import { NO_METRICS, openMetricsWriter, type MetricsWriter } from '../runs/metrics/metricsWriter.ts';
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

export interface TrainSessionOptions {
  readonly run: ClaimedFolder;
  readonly session: Session;
  readonly settings: TrainingSettings;
  readonly trainProgram: Program;
  /** See `LoopOptions.headProgram`. */
  readonly headProgram?: Program;
  readonly evaluateProgram: Program;
  /** See `LoopOptions.rawProgram`. */
  readonly rawProgram?: Program;
  readonly train: BatchSource;
  readonly validation: BatchSource | null;
  /** Order of each epoch's samples. */
  readonly order: EpochOrder;
  /** Counters of the checkpoint in the session's state, or `FRESH_COUNTERS`. */
  readonly counters: Counters;
  readonly control: TrainControl;
  readonly checkpointEveryMs: number;
  readonly emit: (event: TrainEvent) => void;
}

interface SessionEnd {
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
  const { run, session, counters } = options;
  const writer = await openMetricsWriter(run.files.metrics, counters.metrics);
  try {
    const stream = openEventStream(options.emit, writer.next);
    const clock = startClock(counters);
    const best = await openBestKeeper(run, session);
    const keeper = openKeeper(options, best, writer, clock, stream);
    const recorder = openRecorder(session, clock, writer, stream);
    stream.now({ type: 'phase', phase: 'running' });
    const { position, finished } = await runLoop({
      ...options,
      train: timedSource(options.train, clock),
      from: counters.position,
      hooks: {
        onStep: recorder.onStep,
        onEpoch: (report) => {
          recorder.onEpoch(report);
          best.onEpoch(report);
        },
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
  } finally {
    await writer.close();
  }
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

function openKeeper(
  { run, session, settings, counters, checkpointEveryMs }: TrainSessionOptions,
  best: BestKeeper,
  writer: MetricsWriter,
  clock: RunClock,
  stream: EventStream,
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
        // The best epoch first: a checkpoint must never be newer than the file of the best epoch.
        await best.saveNews(counters);
        await saveCheckpoint(run, session.layout, session.state, counters);
      } catch (error) {
        throw overflowed(error, position, settings);
      }
      savedAt = flushedAt = performance.now();
      last = { step: position.step, epoch: position.epoch };
      stream.now({ type: 'checkpoint', step: position.step, atMs: Date.now() });
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
