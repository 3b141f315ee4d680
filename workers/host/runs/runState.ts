import type { RunState } from '#core/contract/run.ts';
import type { RunResult } from '#core/contract/runResult.ts';
import type { AppErrorData } from '#core/diagnostics/appError.ts';
import type { TrainEvent } from '../../training/trainEvents.ts';

/** Number of steps after which a remaining time is shown. */
const STEPS_BEFORE_ETA = 10;

/** The state after one event of the trainer; pure. */
export function afterEvent(state: RunState, event: TrainEvent): RunState {
  switch (event.type) {
    case 'progress':
      return { ...state, progress: { label: event.label, done: event.done, total: event.total ?? 0 } };
    case 'plan':
      return {
        ...state,
        progress: null,
        epochs: event.epochs,
        steps: event.steps,
        step: event.fromStep,
        epoch: event.fromEpoch,
        precision: event.precision,
        threads: event.threads,
        backend: event.backend,
      };
    case 'phase':
      return afterPhase(state, event);
    case 'metrics':
      return event.events.reduce(afterMetric, state);
    case 'checkpoint':
      return {
        ...state,
        lastCheckpointAt: event.atMs,
        lastCheckpointStep: event.step,
        firstCheckpointDueAt: null,
        best: event.best,
      };
  }
}

function afterPhase(
  state: RunState,
  { phase, nextCheckpointAtMs }: Extract<TrainEvent, { type: 'phase' }>,
): RunState {
  // A requested stop outlasts the trainer's last events.
  if (state.phase === 'stopping') return state;
  const isFirst = state.lastCheckpointAt === null;
  return { ...state, phase, firstCheckpointDueAt: isFirst ? (nextCheckpointAtMs ?? null) : null };
}

type Metric = Extract<TrainEvent, { type: 'metrics' }>['events'][number];

function afterMetric(state: RunState, metric: Metric): RunState {
  if (metric.kind === 'step')
    return { ...state, step: metric.step, epoch: metric.epoch, imagesPerSecond: metric.imagesPerSecond };
  return metric.kind === 'epoch' ? { ...state, step: metric.step, epoch: metric.epoch } : state;
}

/** Milliseconds to the end at the speed since `sinceMs` and `fromStep`; null until ten steps are done. */
export function timeLeftMs(state: RunState, fromStep: number, runningMs: number): number | null {
  const done = state.step - fromStep;
  if (done < STEPS_BEFORE_ETA || state.phase !== 'running') return null;
  return Math.round((runningMs / done) * (state.steps - state.step));
}

/** The run has finished. */
export function afterFinish(state: RunState, result: RunResult): RunState {
  return {
    ...state,
    phase: 'finished',
    progress: null,
    etaMs: null,
    firstCheckpointDueAt: null,
    step: result.steps,
    epoch: result.epochs,
    result,
  };
}

/** The run ended early: stopped by the user with its state saved, or failed. */
export function afterFailure(state: RunState, error: AppErrorData): RunState {
  const isStop = error.code === 'interrupted';
  return {
    ...state,
    phase: isStop ? 'stopped' : 'failed',
    progress: null,
    etaMs: null,
    firstCheckpointDueAt: null,
    error: isStop ? null : error,
  };
}
