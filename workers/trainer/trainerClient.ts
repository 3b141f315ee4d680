import type { RunResult } from '#core/contract/runResult.ts';
import { serializeDocument } from '#core/document/serialize.ts';
import { message } from '#core/words/message.ts';
import { startThread } from '../threads/startThread.ts';
import type { TrainEvent } from './trainEvents.ts';
import { trainerMessageSchema, type TrainerCommand, type TrainerRequestData } from './trainerMessages.ts';
import type { TrainRunOptions } from './trainRunOptions.ts';

export type TrainerRequest = Omit<TrainRunOptions, 'onEvent' | 'control' | 'backend'>;

/** A run in a thread of its own. */
export interface TrainerHandle {
  /** Takes effect after the step under way; a `phase` event tells. */
  pause(): void;
  resume(): void;
  /** Ends the run with its state saved; `done` then rejects with 'interrupted'. */
  stop(): void;
  /** Calls `listener` with each event from now on; gives a function that ends it. */
  onEvent(listener: (event: TrainEvent) => void): () => void;
  /** The result, once the thread is gone. Rejects as `trainRun` throws, or with 'worker-died'. */
  readonly done: Promise<RunResult>;
  /** Ends the thread at once, as a crash would: for tests and last resorts. */
  kill(): Promise<void>;
}

const DIED = message('runs.trainerDied');

/** Starts training in a worker thread. `entry` is another thread's code, for tests. */
export function startTrainer(
  request: TrainerRequest,
  entry: URL = new URL('./trainerWorker.ts', import.meta.url),
): TrainerHandle {
  const listeners = new Set<(event: TrainEvent) => void>();
  const { done, kill, post } = startThread({
    entry,
    name: 'trainer',
    request: requestData(request),
    messages: trainerMessageSchema,
    onEvent: (event) => {
      for (const listener of listeners) listener(event);
    },
    died: DIED,
  });
  const command = (name: TrainerCommand['command']): void => post({ command: name } satisfies TrainerCommand);
  // The failure also reaches whoever awaits `done`; a run nobody awaits must not end the process.
  done.catch(() => undefined);
  return {
    pause: () => command('pause'),
    resume: () => command('resume'),
    stop: () => command('stop'),
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    done,
    kill,
  };
}

function requestData({ document, ...rest }: TrainerRequest): TrainerRequestData {
  return {
    ...rest,
    project: document === null ? null : serializeDocument(document),
    labels: rest.labels ?? null,
    splitFrom: rest.splitFrom ?? null,
    resume: rest.resume ?? false,
  };
}
