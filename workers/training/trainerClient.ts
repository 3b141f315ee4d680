import { resultSchema, type RunResult } from '#core/contract/runResult.ts';
import { message } from '#core/words/message.ts';
import { startThread } from '../threads/startThread.ts';
import { trainEventSchema, type TrainEvent } from './trainEvents.ts';
import type { TrainerCommand, TrainerRequestData } from './trainerMessages.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

/** The options of `trainRun`, with the project as text: the thread parses it. */
export interface TrainerRequest extends Omit<
  TrainRunOptions,
  'document' | 'onEvent' | 'control' | 'backend'
> {
  /** Null only to resume a run with its own settings. */
  readonly project: string | null;
}

/** A run in a thread of its own. */
export interface TrainerHandle {
  /** Takes effect after the current step; a `phase` event reports it. */
  pause(): void;
  resume(): void;
  /** Ends the run with its state saved; `done` then rejects with 'interrupted'. */
  stop(): void;
  /** Calls `listener` with each following event; returns a function that unsubscribes it. */
  onEvent(listener: (event: TrainEvent) => void): () => void;
  /** The result, once the thread has ended. Rejects as `trainRun` throws, or with 'worker-died'. */
  readonly done: Promise<RunResult>;
  /** Terminates the thread at once, as a crash would: for tests and as a last resort. */
  kill(): Promise<void>;
}

const DIED = message('runs.trainerDied');

/** Starts training in a worker thread. `entry` is another thread's code, for tests. */
export function startTrainer(
  request: TrainerRequest,
  entry: URL = new URL('./trainerWorker.ts', import.meta.url),
): TrainerHandle {
  const listeners = new Set<(event: TrainEvent) => void>();
  const { cancel, done, kill, post } = startThread({
    entry,
    name: 'trainer',
    request: requestData(request),
    event: trainEventSchema,
    result: resultSchema,
    onEvent: (event) => {
      for (const listener of listeners) listener(event);
    },
    died: DIED,
  });
  const command = (name: TrainerCommand): void => post(name);
  return {
    pause: () => command('pause'),
    resume: () => command('resume'),
    stop: cancel,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    done,
    kill,
  };
}

function requestData(request: TrainerRequest): TrainerRequestData {
  return {
    ...request,
    labels: request.labels ?? null,
    splitFrom: request.splitFrom ?? null,
    resume: request.resume ?? false,
    weightsFolders: [...(request.weightsFolders ?? [])],
  };
}
