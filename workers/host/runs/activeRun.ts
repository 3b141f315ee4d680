import type { LabEvent } from '#core/contract/labApi.ts';
import type { RunState } from '#core/contract/run.ts';
import { toErrorData } from '#core/diagnostics/appError.ts';
import { startTrainer, type TrainerHandle, type TrainerRequest } from '../../training/trainerClient.ts';
import type { TrainEvent } from '../../training/trainEvents.ts';
import { afterEvent, afterFailure, afterFinish, timeLeftMs } from './runState.ts';

/** Shortest time between two state events while steps are fast. */
const STATE_EVERY_MS = 250;

/** A run that trains in its thread: its state, sent to the screens as it changes. */
export class ActiveRun {
  /** Resolves once the thread has ended, successfully or not, after the last state was sent. */
  readonly ended: Promise<void>;
  private readonly handle: TrainerHandle;
  private readonly tell: (event: LabEvent) => void;
  private current: RunState;
  private fromStep = 0;
  /** Time spent running, without pauses, and when the present running period began. */
  private runningMs = 0;
  private runningSince: number | null = null;
  private toldAt = 0;

  /**
   * `begin`: the state known at the start; a resumed run has its checkpoint. `onEnd` is awaited before the last state
   * is sent, because its receiver may start the next run.
   */
  constructor(
    begin: RunState,
    request: TrainerRequest,
    {
      tell,
      onEnd,
    }: { readonly tell: (event: LabEvent) => void; readonly onEnd: (state: RunState) => Promise<void> },
  ) {
    this.tell = tell;
    this.current = begin;
    this.handle = startTrainer(request);
    this.handle.onEvent((event) => this.onTrainEvent(event));
    this.update(this.current, true);
    this.ended = this.handle.done
      .then(
        (result) => afterFinish(this.current, result),
        (thrown: unknown) => afterFailure(this.current, toErrorData(thrown)),
      )
      .then(async (state) => {
        await onEnd(state);
        // The run may have been renamed while it ended.
        const { name, note } = this.current;
        this.update({ ...state, name, note }, true);
      })
      .catch(() => undefined); // an error of a screen must never end the host
  }

  get state(): RunState {
    return this.current;
  }

  pause(): void {
    if (this.current.phase === 'running') this.update({ ...this.current, phase: 'pausing' }, true);
    this.handle.pause();
  }

  resume(): void {
    this.handle.resume();
  }

  /** Sets another name or note. */
  describe(change: Partial<Pick<RunState, 'name' | 'note'>>): RunState {
    this.update({ ...this.current, ...change }, true);
    return this.current;
  }

  stop(): void {
    this.update({ ...this.current, phase: 'stopping' }, true);
    this.handle.stop();
  }

  private onTrainEvent(event: TrainEvent): void {
    if (event.type === 'plan') this.fromStep = event.fromStep;
    if (event.type === 'phase') this.keepTime(event.phase === 'running');
    if (event.type === 'metrics') {
      this.tell({ event: 'metrics', runId: this.current.runId, first: event.first, events: event.events });
    }
    const next = afterEvent(this.current, event);
    const etaMs = timeLeftMs(next, this.fromStep, this.timeRunning());
    this.update({ ...next, etaMs }, ['phase', 'plan', 'checkpoint'].includes(event.type));
  }

  /** Stores the new state, and sends it at once when `isNews`, else at the next interval. */
  private update(state: RunState, isNews: boolean): void {
    this.current = state;
    const now = performance.now();
    if (!isNews && now - this.toldAt < STATE_EVERY_MS) return;
    this.toldAt = now;
    this.tell({ event: 'runState', state });
  }

  private keepTime(isRunning: boolean): void {
    this.runningMs = this.timeRunning();
    this.runningSince = isRunning ? performance.now() : null;
  }

  private timeRunning(): number {
    return this.runningMs + (this.runningSince === null ? 0 : performance.now() - this.runningSince);
  }
}
